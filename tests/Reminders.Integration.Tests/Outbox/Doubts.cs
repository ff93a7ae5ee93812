using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 7: ambiguity is a state, not a guess.</summary>
public sealed class Doubts(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<FaultKind> Ambiguous =>
        [
            FaultKind.DropReply,
            FaultKind.CutBefore,
            FaultKind.BadGatewayAfter,
            FaultKind.BadGatewayBefore,
            FaultKind.HtmlAfter,
            FaultKind.NeverAnswer,
        ];

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task What_nobody_can_know_is_held_the_recruiter_is_told_once_and_nothing_is_sent_again(FaultKind fault)
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ("Telegram:SendTimeout", "00:00:01"));
        cluster.Telegram.Faults.Add(new(fault) { ChatId = 1001 });
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience);
        Assert.Contains("can't tell whether Anna", Assert.Single(cluster.Telegram.Record.MessagesTo(9001)).Text, StringComparison.Ordinal);
        Assert.Equal("uncertain", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
        Assert.Single(cluster.Telegram.Record.Doubts, doubt => doubt.ChatId == 1001);
        Assert.Equal(1, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
    }

    [Fact]
    public async Task What_a_sender_has_done_that_throws_nobody_can_know_either()
    {
        var letters = new Letters { Bug = new InvalidOperationException("a bug") };
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Kinds:CONFIRM_2H:Channels:0", Letters.Name));
        await cluster.StartNodeAsync(letters.AddTo);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await Letters.AddressAsync(cluster, 1001);
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0, Patience);
        Assert.Equal(
            "uncertain: a bug",
            await cluster.ScalarAsync<string>("SELECT state || ': ' || reason FROM reminders.outbox WHERE kind = 'CONFIRM_2H'")
        );
    }

    [Fact]
    public async Task A_press_on_a_held_message_settles_it_as_sent_and_confirms()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        cluster.Telegram.Faults.Add(new(FaultKind.DropReply) { ChatId = 1001, Next = 1 });
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE state = 'uncertain')", Patience);
        var held = Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
        cluster.Telegram.PressButton(1001, held.MessageId, 0);
        await cluster.Telegram.Record.WaitForAsync(
            record => record.CurrentMessage(1001, held.MessageId)!.Text.Contains("You confirmed", StringComparison.Ordinal),
            Patience
        );
        Assert.Equal(
            "sent",
            await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND operation = 'send'")
        );
        Assert.Equal(
            "confirmed",
            await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking.ToString())
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Fact]
    public async Task A_press_that_comes_before_the_timeout_leaves_no_doubt()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        Assert.Equal(AnswerEffect.Confirmed, await hand.PressAsync(message, "confirm"));
        Assert.Equal("sending", await hand.StateAsync(message.Claim.Id));
        await hand.SettleAsync(message, new SendResult.Uncertain("timeout"));
        Assert.Equal(
            "77",
            await cluster.ScalarAsync<string>("SELECT provider_message_id FROM reminders.outbox WHERE id = $1", message.Claim.Id)
        );
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event"));
    }

    [Fact]
    public async Task A_press_proves_delivery_also_when_its_node_was_lost_and_the_message_is_edited()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.ClaimAndStartAsync();
        await hand.PressAsync(message, "decline");
        await hand.RunOutAsync(message.Claim);
        await hand.Reaper.ReapAsync(default);
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_held_message_of_a_moved_slot_is_edited_once_a_press_proves_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        Assert.Equal(["CONFIRM_2H send uncertain"], await hand.MessagesAsync(booking));
        Assert.Equal(AnswerEffect.Moved, await hand.PressAsync(message, "confirm"));
        Assert.Equal(["CONFIRM_2H send sent", "CONFIRM_2H edit pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task A_strangers_press_proves_nothing()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        Assert.Equal(AnswerEffect.NotYours, await hand.PressAsync(message, "confirm", from: 555));
        Assert.Equal("uncertain", await hand.StateAsync(message.Claim.Id));
    }

    [Fact]
    public async Task A_held_reminder_of_a_booking_answered_meanwhile_is_no_news()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        await cluster.SendAsync(new CancelBooking(booking));
        await hand.Events.PlanAsync(default);
        await hand.FireAsync();
        Assert.Equal(["CONFIRM_2H send uncertain"], await hand.MessagesAsync(booking));
    }
}
