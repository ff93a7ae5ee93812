using System.Diagnostics.Contracts;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>How a reminder stands, in one sentence, by all that stands in its way. Pure.</summary>
[Pure]
internal static class StorySummary
{
    public static Sentence Of(OccurrenceRow occurrence, Surroundings around)
    {
        var standing = Standing(occurrence, occurrence.Recipient.Name, around);
        // Whether or not it was told, the question is answered.
        return occurrence.HandAnswers.Count > 0 && standing.Code != "stands.told"
            ? new("stands.and", standing, Answer(occurrence, []))
            : standing;
    }

    private static Sentence Standing(OccurrenceRow occurrence, string who, Surroundings around) =>
        occurrence.State switch
        {
            "planned" => Planned(occurrence, who, around),
            "waiting" when occurrence.UsefulUntil <= around.Now => new(
                "stands.unreached",
                who,
                StoryParts.Reason(occurrence.Reason),
                occurrence.UsefulUntil
            ),
            "waiting" => new("stands.unreached_yet", who, StoryParts.Reason(occurrence.Reason), occurrence.UsefulUntil),
            "cancelled" or "skipped" => new("stands.untold", who, StoryParts.Reason(occurrence.Reason)),
            _ => Fired(occurrence, who, around),
        };

    private static Sentence Planned(OccurrenceRow row, string who, Surroundings around)
    {
        var after = around.Kinds.Find(row.Kind) is { After: { Length: > 0 } followed } follower
            ? follower.Wait > TimeSpan.Zero
                ? new Sentence("stands.follows", followed, follower.Wait)
                : new Sentence("stands.follows_at_once", followed)
            : null;
        if (row.UsefulUntil <= around.Now)
        {
            return new("stands.missed", who, row.DueAt, row.UsefulUntil, after);
        }

        if (around.Kinds.Find(row.Kind) is not { } kind)
        {
            return new("stands.kind_gone", who, row.Kind);
        }

        if (row.DueAt <= around.Now)
        {
            return around.Alive == 0
                ? new("stands.no_node", who, row.DueAt, StoryObstacles.NoNode(around), after)
                : new("stands.due", who, row.DueAt, after);
        }

        Sentence[] provisos =
        [
            .. around.Alive == 0 ? [StoryObstacles.NoNode(around)] : Array.Empty<Sentence>(),
            .. StoryObstacles.OnTheWay(row, kind, around),
        ];
        object? unless = provisos.Length > 0 ? provisos : null;
        return around.Quiet.TryGetValue(row.Id, out var awake)
            ? new("stands.planned_awake", who, awake, unless, after)
            : new("stands.planned", who, row.DueAt, unless, after);
    }

    private static Sentence Fired(OccurrenceRow occurrence, string who, Surroundings around)
    {
        if (occurrence is { Reason: Imported.Reason, FiredAt: { } toldAt } && occurrence.Messages.All(message => message.ResendNumber == 0))
        {
            return new("stands.told_before", who, toldAt);
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
                delivered.Where(message => !message.OnRequest).GroupBy(message => message.Channel).Max(channel => (long?)channel.Count())
                ?? 1;
            long asked = delivered.Count(message => message.OnRequest);
            return new(
                "stands.told",
                who,
                channels,
                copies > 1 ? new Sentence("stands.copies", copies) : null,
                asked > 0 ? new Sentence("stands.asked_again", who, asked) : null,
                occurrence.HasButtons ? Answer(occurrence, sends) : null
            );
        }
        if (occurrence.DigestOf is { } lead && lead != occurrence.Id)
        {
            return new("stands.in_digest", who, lead);
        }

        return sends.LastOrDefault() switch
        {
            null => new("stands.unwritten", who),
            { State: MessageState.Uncertain } held => new("stands.doubt", who, StoryParts.Reason(held.Reason)),
            { State: MessageState.Pending or MessageState.Retry or MessageState.Sending } open => StoryObstacles.Of(open, who, around),
            { } over => new("stands.untold", who, StoryParts.Reason(over.Reason)),
        };
    }

    private static Sentence Answer(OccurrenceRow occurrence, IEnumerable<OutboxRow> sends)
    {
        var pressed = sends
            .SelectMany(message => message.Presses)
            .Where(press => press.Effect is "Confirmed" or "Declined" or "Answered")
            .Select(press => (At: press.PressedAt, press.Action, press.Effect, How: (Sentence?)null));
        var given = occurrence.HandAnswers.Select(row =>
            (row.At, Action: row.Answer.Answer, row.Answer.Effect, How: (Sentence?)new("answer.by_hand", row.Answer.How, row.Answer.By))
        );
        var last = pressed.Concat(given).OrderBy(answer => answer.At).LastOrDefault();
        return last.Effect switch
        {
            null => new("answer.none"),
            "Answered" => new("answer.says", last.Action, last.How),
            _ => new("answer.is", last.Effect, last.How),
        };
    }
}
