using System.Diagnostics.Contracts;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Reads;

namespace Reminders.Explain;

/// <summary>Why a message is not with its recipient yet, or will not be: what the dispatcher would say, in its order. Pure.</summary>
[Pure]
internal static class StoryObstacles
{
    public static string Of(OutboxRow message, string who, Surroundings around)
    {
        var obstacles = around.Messages.GetValueOrDefault(message.Id);
        if (message is { State: MessageState.Sending, SendStartedAt: { } started })
        {
            return obstacles is not { LeaseOver: true }
                ? $"{who} is being told just now."
                : $"The node that began to tell {who} at {StoryWords.Show(started)} was lost; whether they were told is decided "
                    + (around.Alive > 0 ? "within seconds." : $"when a node runs again, and {NoNode(around)}.");
        }
        if (obstacles is { Unwanted: { } unwanted })
        {
            return $"{who} will not be told: {StoryWords.Reason(unwanted)}.";
        }

        if (obstacles is { PastUse: true })
        {
            return $"{who} will not be told: it was of use until {StoryWords.Show(message.UsefulUntil)}.";
        }

        if (obstacles is { Silenced: { } silenced })
        {
            return $"{who} will not be told: {silenced}.";
        }

        if (obstacles is { Unreachable: { } unreachable })
        {
            return $"{who} can't be told on {message.Channel}: {unreachable}.";
        }

        return Wait(message, obstacles, around) is { } wait ? $"{who} is not told yet: {wait}." : $"{who} is about to be told.";
    }

    private static string? Wait(OutboxRow message, MessageObstacles? obstacles, Surroundings around)
    {
        if (around.Kinds.Find(message.Kind) is null)
        {
            return $"the kind {message.Kind} is not configured any more, so nobody sends it";
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
            return $"it is a quiet hour for them until {StoryWords.Show(awake)}";
        }

        if (message.State == MessageState.Retry)
        {
            return $"{message.Reason}; the next try is {(message.DueAt > around.Now ? $"at {StoryWords.Show(message.DueAt)}" : "due now")}";
        }

        if (obstacles is { ThrottledUntil: { } free })
        {
            return $"{message.Channel} allows them the next message at {StoryWords.Show(free)}";
        }

        return message.DueAt > around.Now ? $"it is to be sent at {StoryWords.Show(message.DueAt)}" : null;
    }

    /// <summary>What would hold up something that is not due yet, if nothing changed before then.</summary>
    public static IEnumerable<string> OnTheWay(OccurrenceRow row, KindDefinition kind, Surroundings around)
    {
        var reached = kind
            .Channels.Where(channel =>
                channel == "inbox" || row.Recipient.Addresses.Any(a => a.Channel == channel && a.State == "reachable")
            )
            .ToArray();
        if (reached.Length == 0)
        {
            yield return $"there is no address to reach them on {string.Join(" or ", kind.Channels)}";
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

    public static string NoNode(Surroundings around) =>
        around.LastSeen is { } seen
            ? $"no node runs (the last was seen at {StoryWords.Show(seen)}), and nothing is sent until one is started"
            : "no node runs, and nothing is sent until one is started";

    /// <summary>Whether it is still so then, as far as anybody knows.</summary>
    private static bool Lasts(ChannelStatus channel, DateTimeOffset at) =>
        channel.State is "broken" or "resting" || channel is { State: "stopped", Until: null } || channel.Until > at;

    private static string Rest(KindStatus kind) => $"{kind.Name} {kind.Says(StoryWords.Show)!.TrimEnd('.')}";

    private static string Rest(ChannelStatus channel) => $"{channel.Name} {channel.Says(StoryWords.Show)!.TrimEnd('.')}";
}
