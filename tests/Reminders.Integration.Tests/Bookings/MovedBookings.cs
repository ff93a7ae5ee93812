using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Rule 3: the version, not the time, is the key. Seen at the candidate's chat.</summary>
public sealed class MovedBookings(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_moved_slot_sends_one_new_message_and_edits_the_old_one()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        var old = cluster.Telegram.Record.MessagesTo(1001)[0];

        var to = await cluster.StartOfAsync(booking) - TimeSpan.FromMinutes(30);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.MoveAsync(booking, to, i % 2)));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 2 && record.Edits.Count == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox WHERE kind = 'CONFIRM_2H'", Patience);
        Assert.Equal(2, cluster.Telegram.Record.MessagesTo(1001).Count);
        var shown = cluster.Telegram.Record.CurrentMessage(1001, old.MessageId)!;
        Assert.Contains("was moved", shown.Text, StringComparison.Ordinal);
        Assert.Empty(shown.Buttons);
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT version FROM reminders.subject WHERE type = 'booking'"));
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task Moving_a_slot_to_where_it_is_changes_nothing_whatever_the_offset()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var same = (await cluster.StartOfAsync(booking)).ToOffset(TimeSpan.FromHours(5));
        var outcome = Assert.IsType<Outcome<BookingView>.Done>(await cluster.SendAsync(new MoveBooking(booking, same)));
        Assert.False(outcome.Changed);
        Assert.Equal(1, outcome.Value.ScheduleVersion);
        Assert.Equal(["CONFIRM_2H send sent"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Moved_away_and_back_unannounced_tells_nobody_twice_and_gives_the_old_message_its_text_and_buttons_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        var message = cluster.Telegram.Record.MessagesTo(1001)[0];
        var a = await cluster.StartOfAsync(booking);

        await cluster.MoveAsync(booking, a + TimeSpan.FromDays(1));
        await cluster.Telegram.Record.WaitForAsync(record => record.CurrentMessage(1001, message.MessageId)!.Buttons.Count == 0, Patience);
        await cluster.MoveAsync(booking, a, node: 1);
        await cluster.Telegram.Record.WaitForAsync(
            record => record.CurrentMessage(1001, message.MessageId)!.Text == message.Text,
            Patience
        );
        await cluster.UntilAsync(
            "SELECT EXISTS (SELECT FROM reminders.occurrence WHERE version = 3 AND kind = 'CONFIRM_2H' AND reason = 'already_told' "
                + "AND decided_by IS NOT NULL)",
            Patience
        );
        Assert.Equal(message.Buttons, cluster.Telegram.Record.CurrentMessage(1001, message.MessageId)!.Buttons);

        cluster.Telegram.PressButton(1001, message.MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Patience);
        Assert.Equal("confirmed", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'booking'"));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Fact]
    public async Task Moved_away_and_back_after_the_other_time_was_announced_is_announced_again()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.DeliverAsync(new SendResult.Sent("1"));
        var a = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, a - TimeSpan.FromMinutes(30));
        await hand.FireAsync();
        await SettleAllAsync(cluster, hand);
        await cluster.MoveAsync(booking, a);
        await hand.FireAsync();
        Assert.Equal(["1 fired", "2 fired", "3 fired"], await hand.LedgerAsync(booking));
        Assert.Equal(AnswerEffect.Moved, await hand.PressAsync(first, "confirm"));
    }

    [Fact]
    public async Task Moved_away_and_back_while_the_first_is_under_way_waits_for_its_outcome()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        var a = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, a + Hour);
        await cluster.MoveAsync(booking, a);
        await hand.FireAsync();
        Assert.Equal(["1 fired", "2 cancelled superseded 3", "3 planned"], await hand.LedgerAsync(booking));
        // It was not delivered after all, and may not be tried again for a version that is gone: the newest tells it.
        await hand.SettleAsync(first, new SendResult.NotDelivered("refused"));
        await hand.FireAsync();
        Assert.Equal(["1 fired", "2 cancelled superseded 3", "3 fired"], await hand.LedgerAsync(booking));
    }

    [Fact]
    public async Task The_recruiter_hears_of_every_answer_also_after_moves_there_and_back()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("1"));
        await hand.PressAsync(message, "decline");
        await hand.FireAsync();
        await SettleAllAsync(cluster, hand);
        var a = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, a + Hour);
        await cluster.MoveAsync(booking, a);
        Assert.Equal(AnswerEffect.Declined, await hand.PressAsync(message, "decline"));
        await hand.FireAsync();
        Assert.Equal(["1 fired", "3 fired"], await hand.LedgerAsync(booking, "CANDIDATE_DECLINED"));
    }

    /// <summary>Everything that waits goes out, as if Telegram took it all.</summary>
    private static async Task SettleAllAsync(Cluster cluster, Hand hand)
    {
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() WHERE state IN ('pending', 'retry')");
        foreach (var claim in await hand.Store.ClaimAsync("telegram", 100, default))
        {
            await hand.SettleAsync(await hand.StartAsync(claim), new SendResult.Sent("9"));
        }
    }
}
