using Reminders.Channels;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>The right half of the state table, for every answer a sender can give.</summary>
public sealed class VerdictsTests
{
    private static readonly OutboxOptions Options = new() { MaxAttempts = 3 };

    [Fact]
    public void Sent_keeps_the_providers_id() =>
        Assert.Equal((MessageState.Sent, "42", 1), Settle(new SendResult.Sent("42"), s => (s.State, s.ProviderMessageId, s.Spent)));

    [Fact]
    public void A_429_costs_no_attempt_however_often_and_stops_whom_it_concerns()
    {
        var channel = Throttled(ThrottleScope.Channel, Started.Message(attempts: 50));
        Assert.Equal(
            (MessageState.Retry, 0, TimeSpan.FromSeconds(7) + Verdicts.OthersFirst),
            (channel.State, channel.Spent, channel.Delay)
        );
        Assert.Equal(new ChannelTrouble(TimeSpan.FromSeconds(7), "429", ChannelTroubleKind.Limited), channel.ChannelTrouble);
        Assert.Null(channel.RecipientTrouble);
        var recipient = Throttled(ThrottleScope.Recipient, Started.Message());
        Assert.Null(recipient.ChannelTrouble);
        Assert.Equal(TimeSpan.FromSeconds(7), recipient.RecipientTrouble!.Value.Pause);
        Assert.False(recipient.RecipientTrouble.Value.Unreachable);
    }

    [Theory]
    [InlineData(false, false, false, nameof(ChannelTroubleKind.Asked))]
    [InlineData(true, false, false, nameof(ChannelTroubleKind.AskedAgain))]
    [InlineData(true, true, false, nameof(ChannelTroubleKind.Asked))]
    [InlineData(false, true, true, null)]
    public void A_429_that_names_nobody_stops_its_recipient_and_asks_of_the_channel_only_what_it_can_tell(
        bool probe,
        bool before,
        bool alone,
        string? asks
    )
    {
        var settlement = Throttled(
            ThrottleScope.Unknown,
            Started.Message() with
            {
                Probe = probe,
                ThrottledBefore = before,
                ThrottledAlone = alone,
            }
        );
        Assert.Equal(
            (0, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)),
            (settlement.Spent, settlement.Delay, settlement.RecipientTrouble!.Value.Pause)
        );
        Assert.Equal(asks, settlement.ChannelTrouble?.Kind.ToString());
    }

    [Fact]
    public void What_nobody_answered_speaks_against_the_channel_and_what_was_answered_does_not()
    {
        Assert.True(Settle(new SendResult.Uncertain("502"), s => s.Unanswered));
        Assert.True(Settle(new SendResult.NotDelivered("refused") { Unanswered = true }, s => s.Unanswered));
        Assert.False(Settle(new SendResult.NotDelivered("451 later"), s => s.Unanswered));
        Assert.False(Settle(new SendResult.Rejected("400"), s => s.Unanswered));
    }

    [Theory]
    [InlineData(0, nameof(MessageState.Retry))]
    [InlineData(1, nameof(MessageState.Retry))]
    [InlineData(2, nameof(MessageState.Dead))]
    [InlineData(9, nameof(MessageState.Dead))]
    public void A_definite_failure_is_tried_again_until_the_attempts_are_used_up(int before, string state)
    {
        var settlement = Verdicts.Settle(
            Started.Message(attempts: before),
            new SendResult.NotDelivered("refused"),
            UncertainPolicy.Hold,
            Options,
            0.5
        );
        Assert.Equal((state, 1), (settlement.State.ToString(), settlement.Spent));
        Assert.Equal(state == nameof(MessageState.Retry), settlement.Delay > TimeSpan.Zero);
    }

    [Fact]
    public void A_refusal_is_final() =>
        Assert.Equal((MessageState.Dead, 1), Settle(new SendResult.Rejected("400"), s => (s.State, s.Spent)));

    [Fact]
    public void Who_cannot_be_reached_is_marked_and_who_moved_is_tried_again_at_once()
    {
        Assert.Equal(
            (MessageState.Dead, true),
            Settle(new SendResult.Unreachable("403"), s => (s.State, s.RecipientTrouble!.Value.Unreachable))
        );
        Assert.Equal(
            (MessageState.Retry, "-100", TimeSpan.Zero),
            Settle(new SendResult.Unreachable("moved", "-100"), s => (s.State, s.RecipientTrouble!.Value.MigratedTo, s.Delay))
        );
    }

    [Fact]
    public void A_broken_channel_keeps_its_message_and_costs_it_nothing()
    {
        var settlement = Verdicts.Settle(
            Started.Message(attempts: 50),
            new SendResult.ChannelBroken("401"),
            UncertainPolicy.Hold,
            Options,
            0
        );
        Assert.Equal((MessageState.Retry, 0), (settlement.State, settlement.Spent));
        Assert.Equal(ChannelTroubleKind.Broken, settlement.ChannelTrouble!.Value.Kind);
    }

    [Fact]
    public void A_doubt_is_held_or_sent_again_by_policy_and_never_guessed()
    {
        var held = Verdicts.Settle(Started.Message(), new SendResult.Uncertain("timeout"), UncertainPolicy.Hold, Options, 0);
        Assert.Equal((MessageState.Uncertain, false, 1), (held.State, held.Resend, held.Spent));
        var resent = Verdicts.Settle(Started.Message(), new SendResult.Uncertain("timeout"), UncertainPolicy.Resend, Options, 0);
        Assert.Equal((MessageState.Dead, true), (resent.State, resent.Resend));
    }

    [Theory]
    [InlineData(nameof(UncertainPolicy.Hold))]
    [InlineData(nameof(UncertainPolicy.Resend))]
    public void An_uncertain_edit_is_repeated_under_either_policy_because_it_shows_the_same(string policy)
    {
        var edit = Verdicts.Settle(
            Started.Message(DeliveryOperation.Edit),
            new SendResult.Uncertain("timeout"),
            Enum.Parse<UncertainPolicy>(policy),
            Options,
            0
        );
        Assert.Equal((MessageState.Retry, false), (edit.State, edit.Resend));
    }

    private static Settlement Throttled(ThrottleScope scope, StartedMessage message) =>
        Verdicts.Settle(message, new SendResult.Throttled(TimeSpan.FromSeconds(7), scope, "429"), UncertainPolicy.Hold, Options, 0);

    private static T Settle<T>(SendResult result, Func<Settlement, T> pick) =>
        pick(Verdicts.Settle(Started.Message(), result, UncertainPolicy.Hold, Options, 0.5));
}
