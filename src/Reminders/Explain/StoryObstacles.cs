using System.Diagnostics.Contracts;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>Why a message is not with its recipient yet, or will not be: what the dispatcher would say, in its order. Pure.</summary>
[Pure]
internal static class StoryObstacles
{
    public static Sentence Of(OutboxRow message, string who, Surroundings around)
    {
        var obstacles = around.Messages.GetValueOrDefault(message.Id);
        if (message is { State: MessageState.Sending, SendStartedAt: { } started })
        {
            return obstacles is not { LeaseOver: true } ? new("waits.being_told", who)
                : around.Alive > 0 ? new("waits.teller_lost", who, started)
                : new("waits.teller_lost_alone", who, started, NoNode(around));
        }

        return obstacles switch
        {
            { Unwanted: { } unwanted } => new("waits.unwanted", who, Reasons.Meaning(unwanted)),
            { PastUse: true } => new("waits.past_use", who, message.UsefulUntil),
            { Silenced: { } silenced } => new("waits.unwanted", who, Reasons.Meaning(silenced)),
            { Unreachable: { } unreachable } => new("waits.unreachable", who, message.Channel, Reasons.Meaning(unreachable)),
            _ => Wait(message, obstacles, around) is { } wait ? new("waits.for", who, wait) : new("waits.no_more", who),
        };
    }

    private static Sentence? Wait(OutboxRow message, MessageObstacles? obstacles, Surroundings around)
    {
        if (around.Kinds.Find(message.Kind) is null)
        {
            return new("waits.kind_gone", message.Kind);
        }

        if (around.Alive == 0)
        {
            return NoNode(around);
        }

        if (around.RestOf(message.Channel) is { } rest)
        {
            return Rest(rest);
        }

        if (around.PauseOf(message.Kind) is { } pause)
        {
            return Rest(pause);
        }

        if (obstacles is { QuietUntil: { } awake })
        {
            return new("waits.quiet", awake);
        }

        if (message.State == MessageState.Retry)
        {
            var why = message.Reason is { } reason ? Reasons.Meaning(reason) : null;
            return message.DueAt > around.Now ? new("waits.retry_at", why, message.DueAt) : new("waits.retry_now", why);
        }

        if (obstacles is { ThrottledUntil: { } free })
        {
            return new("waits.throttled", message.Channel, free);
        }

        return message.DueAt > around.Now ? new("waits.due_at", message.DueAt) : null;
    }

    /// <summary>What would hold up something that is not due yet, if nothing changed before then.</summary>
    public static IEnumerable<Sentence> OnTheWay(OccurrenceRow row, KindDefinition kind, Surroundings around)
    {
        var reached = kind
            .Channels.Where(channel =>
                channel == "inbox" || row.Recipient.Addresses.Any(a => a.Channel == channel && a.State == "reachable")
            )
            .ToArray();
        if (reached.Length == 0)
        {
            yield return new("waits.no_address", [kind.Channels]);
        }
        else if (around.RestOf(reached[0]) is { } rest && Lasts(rest, row.DueAt))
        {
            yield return Rest(rest);
        }

        if (around.PauseOf(row.Kind) is { } pause && !(pause.Until <= row.DueAt))
        {
            yield return Rest(pause);
        }
    }

    public static Sentence NoNode(Surroundings around) => new("waits.no_node", [around.LastSeen]);

    /// <summary>Whether it is still so then, as far as anybody knows.</summary>
    private static bool Lasts(ChannelStatus channel, DateTimeOffset at) =>
        channel.State is "broken" or "resting" || channel is { State: "stopped", Until: null } || channel.Until > at;

    private static Sentence Rest(KindStatus kind) => new("stand.named", kind.Name, kind.Stands);

    private static Sentence Rest(ChannelStatus channel) => new("stand.named", channel.Name, channel.Stands);
}
