using Reminders.Answers;
using Reminders.Bookings;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Who has no chat yet opens the bot by a link, and what waited for them goes out.</summary>
public sealed class StartLinks(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_reminder_waits_for_the_start_link_and_is_then_sent_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await WithoutChatAsync(cluster);
        await cluster.ApproveAsync(booking.Id);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.occurrence WHERE state = 'waiting')", Patience);
        cluster.Telegram.SendText(5005, $"/start {booking.Candidate.StartCode}");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(5005).Count == 2, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.Single(cluster.Telegram.Record.MessagesTo(5005), message => message.Text.StartsWith("Hello Vera! Your interview", StringComparison.Ordinal));
        Assert.Single(cluster.Telegram.Record.MessagesTo(5005), message => message.Text.Contains("This is where", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_chat_keeps_the_code_and_a_second_is_refused()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        var code = booking.Candidate.StartCode;
        Assert.Equal(BindResult.UnknownCode, await cluster.SendAsync(new BindChat(5005, "no such code")));
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, code)));
        Assert.Equal(BindResult.TakenByAnotherChat, await cluster.SendAsync(new BindChat(6006, code)));
        Assert.Equal("5005", await cluster.ScalarAsync<string>("SELECT address FROM reminders.address WHERE channel = 'telegram' AND recipient_id = (SELECT id FROM reminders.recipient WHERE start_code = $1)", code));
    }

    [Fact]
    public async Task Of_many_chats_that_use_one_code_at_once_one_gets_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await WithoutChatAsync(cluster);
        var results = await Task.WhenAll(Enumerable.Range(1, 20).Select(chat => Task.Run(
            () => cluster.SendAsync(new BindChat(chat, booking.Candidate.StartCode)))));
        Assert.Single(results, BindResult.Bound);
    }

    [Fact]
    public async Task Every_start_is_greeted()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await WithoutChatAsync(cluster);
        for (var round = 1; round <= 2; round++)
        {
            await cluster.SendAsync(new BindChat(5005, booking.Candidate.StartCode));
            await hand.FireAsync();
            var greeting = await hand.DeliverAsync(new Reminders.Channels.SendResult.Sent("1"));
            Assert.Equal("CHAT_BOUND", greeting.Kind);
        }
    }

    private static async Task<BookingView> WithoutChatAsync(Cluster cluster) =>
        Assert.IsType<Outcome<BookingView>.Done>(await cluster.SendAsync(new CreateBooking(
            "QA", TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(100), new PersonDraft("Vera"), new PersonDraft("Rita", TelegramChatId: 9001)))).Value;
}
