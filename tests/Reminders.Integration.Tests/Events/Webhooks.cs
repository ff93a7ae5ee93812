using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Events;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Events;

/// <summary>An app in another process hears what became of its reminders: each once, signed, in order, until it has taken it.</summary>
public sealed class Webhooks(Postgres postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_sent_and_answered_is_told_once_each_in_order_and_signed_with_every_secret()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver, ("Webhook:Secrets:1", Receiver.Secrets[1]));
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        await hand.PressAsync(message, "confirm");
        await hand.PressAsync(message, "confirm");
        await hand.PressAsync(message, "decline");
        await UntilStillAsync(hand);

        Assert.Equal(["message.sent", "message.answered", "message.answered"], receiver.Calls.Select(call => call.Type));
        Assert.Distinct(receiver.Calls.Select(call => call.Id));
        Assert.Equal(
            $$$"""{"subject":{"type":"booking","key":"{{{booking}}}"},"version":1,"kind":"CONFIRM_2H","""
                + $$"""
                "recipient":"telegram:1001","message":{{message.Claim.Id}},"channel":"telegram"}
                """,
            receiver.Calls[0].Data.GetRawText()
        );
        var answered = receiver.Calls[1].Data;
        Assert.Equal(
            ("confirm", "confirmed", "press", "CONFIRM_2H", message.Claim.Id, "decline"),
            (
                answered.GetProperty("answer").GetString(),
                answered.GetProperty("status").GetString(),
                answered.GetProperty("way").GetString(),
                answered.GetProperty("kind").GetString(),
                answered.GetProperty("message").GetInt64(),
                receiver.Calls[2].Data.GetProperty("answer").GetString()
            )
        );
        Assert.All(receiver.Calls, AssertSigned);
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.webhook_event"));
    }

    [Fact]
    public async Task A_doubt_is_told_and_that_it_was_proved()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Uncertain("no reply"));
        await UntilStillAsync(hand);
        var held = Assert.Single(receiver.Calls);
        Assert.Equal(("message.held", "no reply"), (held.Type, held.Data.GetProperty("reason").GetString()));
        await hand.PressAsync(message, "decline");
        await UntilStillAsync(hand);
        Assert.Equal(["message.held", "message.sent", "message.answered"], receiver.Calls.Select(call => call.Type));
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_told_with_the_reason()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Unreachable("blocked by the user"));
        await UntilStillAsync(hand);
        var told = Assert.Single(receiver.Calls);
        Assert.Equal(("message.unreachable", "blocked by the user"), (told.Type, told.Data.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task What_is_given_up_only_to_go_out_once_more_is_not_told()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await hand.SettleAsync(message, new SendResult.Uncertain("no reply"), UncertainPolicy.Resend);
        Assert.Equal("dead", await hand.StateAsync(message.Claim.Id));
        await hand.DeliverAsync(new SendResult.Sent("78"));
        await UntilStillAsync(hand);
        Assert.Equal(["message.sent"], receiver.Calls.Select(call => call.Type));
    }

    public static TheoryData<string> Troubles => ["500", "429", "307", "cut", "slow"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_the_receiver_did_not_take_is_told_again_under_the_same_id(string trouble)
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        receiver.Next.Enqueue(
            trouble switch
            {
                "cut" => Receiver.Cut,
                "slow" => Receiver.Slow,
                _ => Receiver.Status(int.Parse(trouble, CultureInfo.InvariantCulture), trouble == "429" ? "7200" : null),
            }
        );
        Assert.Equal((1, 0L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal((0, 0L), await hand.Webhook.TurnAsync(Stop));
        // As long as it asked for, and no longer than an hour.
        var wait = await cluster.ScalarAsync<double>(
            "SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM reminders.webhook_event"
        );
        Assert.InRange(wait, trouble == "429" ? 3500 : 0, trouble == "429" ? 3600 : 2);
        await DueAsync(cluster);
        Assert.Equal((1, 1L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal(2, receiver.Calls.Count);
        Assert.Single(receiver.Calls.Select(call => call.Id).Distinct());
        Assert.Equal(receiver.Calls[0].Body, receiver.Calls[1].Body);
    }

    /// <summary>The receiver took it, and the node that told it died before it could write so.</summary>
    [Fact]
    public async Task An_event_in_the_hands_of_a_lost_node_is_told_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var lost = Assert.Single(await hand.WebhookQueue.TakeAsync(Stop));
        Assert.Empty(await hand.WebhookQueue.TakeAsync(Stop));
        await DueAsync(cluster);
        var again = Assert.Single(await hand.WebhookQueue.TakeAsync(Stop));
        Assert.Equal(lost.Event.Id, again.Event.Id);
        // What the lost one says later changes nothing; whoever has it in hand decides.
        Assert.Equal((0L, 0L), await hand.WebhookQueue.SettleAsync([(lost, new("late"))], Stop));
        Assert.Equal(0, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.webhook_event"));
        Assert.Equal((0L, 0L), await hand.WebhookQueue.SettleAsync([(lost, new(null))], Stop));
        await DueAsync(cluster);
        Assert.Equal((1, 1L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal(lost.Event.Id, Assert.Single(receiver.Calls).Id);
    }

    [Fact]
    public async Task One_subject_keeps_its_order_and_never_holds_up_another()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        var first = await hand.DeliverAsync(new SendResult.Sent("77"));
        receiver.Next.Enqueue(Receiver.Status(500));
        await hand.Webhook.TurnAsync(Stop);
        await hand.QueueAsync(1002);
        var second = await hand.DeliverAsync(new SendResult.Sent("78"));
        await hand.PressAsync(first, "confirm");
        await UntilStillAsync(hand);
        Assert.Equal([first.Claim.Id, second.Claim.Id], receiver.Calls.Select(call => call.Data.GetProperty("message").GetInt64()));
        await DueAsync(cluster);
        await UntilStillAsync(hand);
        Assert.Equal(["message.sent", "message.sent", "message.sent", "message.answered"], receiver.Calls.Select(call => call.Type));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone_until_somebody_says_otherwise()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        receiver.Next.Enqueue(Receiver.Status(410));
        Assert.Equal((1, 0L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal((0, 0L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal(0, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.webhook_event"));
        Assert.Equal(1, Assert.IsType<Outcome<EventsChanged>.Done>(await cluster.SendAsync(new ResumeWebhook())).Value.Count);
        Assert.Equal((1, 1L), await hand.Webhook.TurnAsync(Stop));
    }

    [Fact]
    public async Task Given_up_on_it_is_told_again_when_somebody_says_so()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver, ("Webhook:MostAttempts", "2"));
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        for (var i = 0; i < 2; i++)
        {
            receiver.Next.Enqueue(Receiver.Status(500));
            await hand.Webhook.TurnAsync(Stop);
            await DueAsync(cluster);
        }

        Assert.Equal((0, 0L), await hand.Webhook.TurnAsync(Stop));
        Assert.Equal("500 InternalServerError", await cluster.ScalarAsync<string>("SELECT trouble FROM reminders.webhook_event"));
        Assert.Equal(1, Assert.IsType<Outcome<EventsChanged>.Done>(await cluster.SendAsync(new RetryEvents())).Value.Count);
        Assert.Equal((1, 1L), await hand.Webhook.TurnAsync(Stop));
    }

    /// <summary>The trigger that would write them does not run, and so costs nothing.</summary>
    [Fact]
    public async Task Where_nobody_asks_nothing_is_written_and_whoever_asked_may_stop()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        const string Enabled = "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'outbox_told'";
        Assert.Equal("D", await cluster.ScalarAsync<string>(Enabled));
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.webhook_event"));

        Assert.True(await cluster.ScalarAsync<bool>("SELECT reminders.want_events('{message.answered}')"));
        Assert.False(await cluster.ScalarAsync<bool>("SELECT reminders.want_events('{message.answered}')"));
        Assert.Equal("O", await cluster.ScalarAsync<string>(Enabled));
        await hand.QueueAsync(1002);
        await hand.PressAsync(await hand.DeliverAsync(new SendResult.Sent("78")), "confirm", from: 1002, messageId: 78);
        Assert.Equal("message.answered", await cluster.ScalarAsync<string>("SELECT string_agg(type, ' ') FROM reminders.webhook_event"));
        Assert.Equal(1, Assert.IsType<Outcome<EventsChanged>.Done>(await cluster.SendAsync(new EndEvents())).Value.Count);
        Assert.Equal("D", await cluster.ScalarAsync<string>(Enabled));
    }

    [Fact]
    public async Task An_event_that_the_apps_own_handler_hears_as_well_has_one_id()
    {
        await using var receiver = await Receiver.StartAsync();
        var (cluster, hand) = await StartAsync(receiver);
        await using var _ = cluster;
        Assert.False(await cluster.ScalarAsync<bool>("SELECT reminders.hear_events('{message.sent,message.answered}')"));
        await hand.QueueAsync();
        await hand.PressAsync(await hand.DeliverAsync(new SendResult.Sent("77")), "confirm");
        await UntilStillAsync(hand);
        Assert.Equal(
            receiver.Calls.Select(call => call.Id),
            await cluster.ScalarAsync<string[]>("SELECT array_agg(event_id::text ORDER BY id) FROM reminders.app_event")
        );
    }

    private async Task<(Cluster Cluster, Hand Hand)> StartAsync(Receiver receiver, params (string Key, string? Value)[] others)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, receiver.Settings(others));
        Assert.Equal((0, 0L), await hand.Webhook.TurnAsync(Stop));
        return (cluster, hand);
    }

    private static async Task UntilStillAsync(Hand hand)
    {
        while (await hand.Webhook.TurnAsync(Stop) is { Delivered: > 0 }) { }
    }

    private static Task DueAsync(Cluster cluster) => cluster.ExecuteAsync("UPDATE reminders.webhook_event SET due_at = now()");

    /// <summary>As a receiver's own library does it: from the raw body, with either secret.</summary>
    private static void AssertSigned(Receiver.Call call)
    {
        Assert.Equal(call.Id, call.Json.GetProperty("id").GetString());
        var signatures = call.Headers["webhook-signature"].Split(' ');
        Assert.Equal(
            Receiver.Secrets.Select(secret =>
                "v1,"
                + Convert.ToBase64String(
                    HMACSHA256.HashData(
                        Convert.FromBase64String(secret["whsec_".Length..]),
                        Encoding.UTF8.GetBytes($"{call.Id}.{call.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(call.Body)}")
                    )
                )
            ),
            signatures
        );
    }
}
