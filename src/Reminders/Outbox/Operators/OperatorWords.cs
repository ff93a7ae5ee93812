using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>What operators read, in their words.</summary>
internal static class OperatorWords
{
    public static HeldMessage In(this HeldMessage message, Wording words) => message with { Reason = words.Reason(message.Reason) };

    public static OperatorResult In(this OperatorResult result, Wording words) => result with { Reason = words.Reason(result.Reason) };

    public static HandledMessages In(this HandledMessages handled, Wording words) =>
        handled with
        {
            Done = [.. handled.Done.Select(one => one.In(words))],
        };

    public static ReplayedMessages In(this ReplayedMessages replayed, Wording words) =>
        replayed with
        {
            Replayed = [.. replayed.Replayed.Select(one => one.In(words))],
        };

    public static ChannelStatus In(this ChannelStatus channel, Wording words) =>
        channel with
        {
            Reason = channel.ReasonIn(words),
            PausedRecipients = [.. channel.PausedRecipients.Select(one => one with { Reason = words.Reason(one.Reason) })],
        };

    public static Incident In(this Incident incident, Wording words) => incident with { Reason = words.Reason(incident.Reason)! };
}
