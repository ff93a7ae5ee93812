using System.Diagnostics.Contracts;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Reads;

namespace Reminders.Explain;

/// <summary>How a reminder stands, in one sentence, by all that stands in its way. Pure.</summary>
[Pure]
internal static class StorySummary
{
    public static string Of(OccurrenceRow occurrence, Surroundings around)
    {
        var text = Standing(occurrence, occurrence.Recipient.Name, around);
        // Whether or not it was told, the question is answered.
        return occurrence.HandAnswers.Count > 0 && !text.Contains(" The answer: ", StringComparison.Ordinal)
            ? text + Answer(occurrence, [])
            : text;
    }

    private static string Standing(OccurrenceRow occurrence, string who, Surroundings around) =>
        occurrence.State switch
        {
            "planned" => Planned(occurrence, who, around),
            "waiting" when occurrence.UsefulUntil <= around.Now =>
                $"{who} could not be reached ({occurrence.Reason}) while it was of use, until {StoryWords.Show(occurrence.UsefulUntil)}.",
            "waiting" => $"{who} can't be reached yet ({occurrence.Reason}); it waits until {StoryWords.Show(occurrence.UsefulUntil)}.",
            "cancelled" or "skipped" => $"{who} was not told: {StoryWords.Reason(occurrence.Reason)}.",
            _ => Fired(occurrence, who, around),
        };

    private static string Planned(OccurrenceRow row, string who, Surroundings around)
    {
        var after = around.Kinds.Find(row.Kind) is { After.Length: > 0 } follower
            ? $" It follows {follower.After}: {StoryWords.Span(follower.Wait)} after that was sent, and not at all if it never was."
            : "";
        if (row.UsefulUntil <= around.Now)
        {
            return $"{who} was to be told at {StoryWords.Show(row.DueAt)} and was not; it was of use until "
                + $"{StoryWords.Show(row.UsefulUntil)}.{after}";
        }

        if (around.Kinds.Find(row.Kind) is not { } kind)
        {
            return $"{who} is not told: the kind {row.Kind} is not configured any more.";
        }

        if (row.DueAt <= around.Now)
        {
            return around.Alive == 0
                ? $"{who} was to be told at {StoryWords.Show(row.DueAt)} and is not yet: {StoryObstacles.NoNode(around)}.{after}"
                : $"{who} was to be told at {StoryWords.Show(row.DueAt)}; a node takes it up within seconds.{after}";
        }

        var at = around.Quiet.TryGetValue(row.Id, out var awake)
            ? $"at {StoryWords.Show(awake)}, when their quiet hours end"
            : $"at {StoryWords.Show(row.DueAt)}";
        string[] provisos =
        [
            .. around.Alive == 0 ? [StoryObstacles.NoNode(around)] : Array.Empty<string>(),
            .. StoryObstacles.OnTheWay(row, kind, around),
        ];
        return $"{who} will be told "
            + $"{at}{(provisos.Length > 0 ? $", unless this stays as it is: {string.Join("; ", provisos)}" : "")}.{after}";
    }

    private static string Fired(OccurrenceRow occurrence, string who, Surroundings around)
    {
        if (occurrence is { Reason: Imported.Reason, FiredAt: { } toldAt } && occurrence.Messages.All(message => message.ResendNumber == 0))
        {
            return $"{who} was told by the old system at {StoryWords.Show(toldAt)} (imported).";
        }

        var sends = occurrence.Messages.Where(message => message.Operation == "send").OrderBy(message => message.ResendNumber).ToArray();
        var delivered = sends.Where(message => message.State == MessageState.Sent).ToArray();
        var channels = delivered
            .Select(message => message.Channel)
            .Concat(occurrence.InboxItem is null ? [] : ["inbox"])
            .Distinct()
            .ToArray();
        if (channels.Length > 0)
        {
            var copies =
                delivered.Where(message => !message.OnRequest).GroupBy(message => message.Channel).Max(channel => (int?)channel.Count())
                ?? 1;
            var more = copies > 1 ? $" An operator had it sent {StoryWords.Times(copies)}." : "";
            if (delivered.Count(message => message.OnRequest) is > 0 and var asked)
            {
                more += $" {who} wrote, and was asked again {StoryWords.Times(asked)}.";
            }

            return $"{who} was told on {string.Join(" and ", channels)}.{more}{(occurrence.HasButtons ? Answer(occurrence, sends) : "")}";
        }
        if (occurrence.DigestOf is { } lead && lead != occurrence.Id)
        {
            return $"{who} is told of it by the digest of row {lead}.";
        }

        return sends.LastOrDefault() switch
        {
            null => $"{who} was to be told, but no message was written.",
            { State: MessageState.Uncertain } held => $"Nobody can know whether {who} was told ({held.Reason}); an operator has to decide.",
            { State: MessageState.Pending or MessageState.Retry or MessageState.Sending } open => StoryObstacles.Of(open, who, around),
            { } over => $"{who} was not told: {StoryWords.Reason(over.Reason)}.",
        };
    }

    private static string Answer(OccurrenceRow occurrence, IEnumerable<OutboxRow> sends)
    {
        var pressed = sends
            .SelectMany(message => message.Presses)
            .Where(press => press.Effect is "Confirmed" or "Declined" or "Answered")
            .Select(press => (At: press.PressedAt, press.Action, press.Effect, How: ""));
        var given = occurrence.HandAnswers.Select(row =>
            (row.At, Action: row.Answer.Answer, row.Answer.Effect, How: $" (by {row.Answer.How}, recorded by {row.Answer.By})")
        );
        var last = pressed.Concat(given).OrderBy(answer => answer.At).LastOrDefault();
        return last.Effect is null
            ? " No answer yet."
            : $" The answer: {(last.Effect == "Answered" ? $"“{last.Action}”" : StoryWords.Effect(last.Effect))}{last.How}.";
    }
}
