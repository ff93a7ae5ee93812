using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Answers;

/// <summary>A press that nobody took in time is lost: what people then write is answered with what they have not answered yet.</summary>
public sealed class OpenQuestions(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("/start")]
    [InlineData("I pressed and nothing happened")]
    public async Task Whoever_writes_gets_the_open_question_under_fresh_buttons_and_both_messages_follow_the_answer(string text)
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await AskedAsync(cluster);
        cluster.Telegram.SendText(1001, text);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 2, Patience);
        var (old, fresh) = (cluster.Telegram.Record.MessagesTo(1001)[0], cluster.Telegram.Record.MessagesTo(1001)[1]);
        Assert.Equal(old.Text, fresh.Text);
        await cluster.UntilAsync(
            "SELECT count(*) = 2 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND operation = 'send' AND state = 'sent'",
            Patience
        );
        // The old one's buttons work as well.
        cluster.Telegram.PressButton(1001, old.MessageId, 0);
        await cluster.UntilAsync("SELECT status = 'confirmed' FROM reminders.subject WHERE type = 'booking'", Patience);
        await Eventually.TrueAsync(
            () =>
                Task.FromResult(
                    new[] { old, fresh }.All(message =>
                        cluster
                            .Telegram.Record.CurrentMessage(1001, message.MessageId)!
                            .Text.Contains("confirmed", StringComparison.Ordinal)
                    )
                ),
            Patience,
            "both are edited"
        );
        cluster.Telegram.PressButton(1001, fresh.MessageId, 0);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE effect = 'press: Declined')", Patience);
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'"));
    }

    [Fact]
    public async Task A_hundred_texts_over_two_nodes_are_answered_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await AskedAsync(cluster);
        for (var n = 0; n < 100; n++)
        {
            cluster.Telegram.SendText(1001, $"hello {n}");
        }

        await cluster.UntilAsync("SELECT count(*) = 100 FROM reminders.inbound_update WHERE state = 'handled'", Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox WHERE kind = 'CONFIRM_2H'", Patience);
        Assert.Equal(2, cluster.Telegram.Record.MessagesTo(1001).Count);
        Assert.Equal(
            99,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update WHERE effect = 'a message: asked a moment ago'")
        );
    }

    [Fact]
    public async Task Texts_that_are_handled_at_once_take_one_turn_and_the_next_turn_comes()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => ShowAsync(cluster))));
        Assert.Equal("0,1", await NumbersAsync(cluster));
        // What waits to be sent asks by itself, however long ago the last answer was.
        await PassAsync(cluster);
        Assert.Equal("asked a moment ago", await ShowAsync(cluster));
        await hand.DeliverAsync(new SendResult.Sent("78"));
        Assert.Equal("asked 1 again", await ShowAsync(cluster));
        Assert.Equal("0,1,2", await NumbersAsync(cluster));
    }

    [Fact]
    public async Task Also_what_may_not_have_arrived_is_asked_again_and_stays_a_doubt()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Uncertain("no reply"));
        Assert.Equal("asked 1 again", await ShowAsync(cluster));
        Assert.Equal(["CONFIRM_2H send uncertain", "CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
    }

    [Theory]
    [InlineData("answered", "UPDATE reminders.subject SET status = 'confirmed' WHERE type = 'booking'")]
    [InlineData("moved", "UPDATE reminders.subject SET version = version + 1 WHERE type = 'booking'")]
    [InlineData("cancelled", "UPDATE reminders.subject SET status = 'cancelled' WHERE type = 'booking'")]
    [InlineData("given to somebody else", "DELETE FROM reminders.party WHERE role = 'candidate'")]
    [InlineData("past its use", "UPDATE reminders.occurrence SET useful_until = now()")]
    [InlineData(
        "not wanted there",
        "INSERT INTO reminders.preference (recipient_id, channel, wanted) SELECT recipient_id, 'telegram', false FROM reminders.address"
    )]
    public async Task What_is_not_open_is_not_asked(string what, string sql)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.ExecuteAsync(sql);
        Assert.True(await ShowAsync(cluster) == "nothing open", what);
        Assert.Equal("0", await NumbersAsync(cluster));
    }

    [Fact]
    public async Task With_nothing_open_it_says_so_once_in_a_while_and_to_strangers_nothing()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.ProposeAsync(TimeSpan.FromHours(20));
        for (var n = 0; n < 10; n++)
        {
            cluster.Telegram.SendText(1001, "hello");
        }

        cluster.Telegram.SendText(4242, "hello");
        await cluster.UntilAsync("SELECT count(*) = 11 FROM reminders.inbound_update WHERE state = 'handled'", Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.StartsWith("Nothing is open", Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).Text, StringComparison.Ordinal);
        Assert.Empty(cluster.Telegram.Record.MessagesTo(4242));
    }

    [Fact]
    public async Task Quiet_hours_do_not_keep_back_what_somebody_awake_asked_for()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.ExecuteAsync(
            "UPDATE reminders.recipient SET zone = 'UTC', quiet_from = (now() AT TIME ZONE 'UTC')::time - interval '1 "
                + "minute', quiet_to = (now() AT TIME ZONE 'UTC')::time + interval '1 minute'"
        );
        await ShowAsync(cluster);
        await hand.ClaimAndStartAsync();
    }

    [Fact]
    public async Task In_WhatsApp_a_text_is_answered_with_buttons()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        await nodes.ArrivedAsync();
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "I pressed, did you get it?"));
        await nodes.WhatsApp.Record.WaitForAsync(record => record.MessagesTo(WhatsAppNodes.Anna).Count == 2, WhatsAppNodes.Patience);
        var fresh = nodes.WhatsApp.Record.MessagesTo(WhatsAppNodes.Anna)[1];
        Assert.Equal(("interactive", 2), (fresh.Type, fresh.Buttons.Count));
        await nodes.SettledAsync(nodes.WhatsApp.Press(fresh.Id, 0));
        Assert.Equal("confirmed", await nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'booking'"));
    }

    private static async Task AskedAsync(Cluster cluster)
    {
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5)));
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent')", Patience);
    }

    private static Task<string> ShowAsync(Cluster cluster) => cluster.SendAsync(new ShowOpenQuestions(TelegramChannel.Name, "1001"));

    private static Task PassAsync(Cluster cluster) => cluster.ExecuteAsync("UPDATE reminders.reply SET at = at - interval '1 minute'");

    private static Task<string> NumbersAsync(Cluster cluster) =>
        cluster.ScalarAsync<string>(
            "SELECT string_agg(number::text, ',' ORDER BY number) FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND operation = 'send'"
        );
}
