using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Explain;

/// <summary>How a reminder stands, in one sentence. Pure.</summary>
internal static class StorySummary
{
    public static string Of(OccurrenceRow occurrence)
    {
        var text = Standing(occurrence, occurrence.Recipient.Name);
        // Whether or not it was told, the question is answered.
        return occurrence.HandAnswers.Count > 0 && !text.Contains(" The answer: ", StringComparison.Ordinal) ? text + Answer(occurrence, []) : text;
    }

    private static string Standing(OccurrenceRow occurrence, string who)
    {
        return occurrence.State switch
        {
            "planned" => $"{who} will be told at {StoryWords.Show(occurrence.DueAt)}.",
            "waiting" => $"{who} can't be reached yet ({occurrence.Reason}); it waits until {StoryWords.Show(occurrence.UsefulUntil)}.",
            "cancelled" => $"{who} was not told: {occurrence.Reason}.",
            "skipped" => $"{who} was not told: {occurrence.Reason}.",
            _ => Fired(occurrence, who),
        };
    }

    private static string Fired(OccurrenceRow occurrence, string who)
    {
        var sends = occurrence.Messages.Where(message => message.Operation == "send").OrderBy(message => message.Number).ToArray();
        var delivered = sends.Where(message => message.State == MessageState.Sent).ToArray();
        var channels = delivered.Select(message => message.Channel).Concat(occurrence.InboxItem is null ? [] : ["inbox"]).Distinct().ToArray();
        if (channels.Length > 0)
        {
            var copies = delivered.Where(message => !message.OnRequest).GroupBy(message => message.Channel).Max(channel => (int?)channel.Count()) ?? 1;
            var more = copies > 1 ? $" An operator had it sent {StoryWords.Times(copies)}." : "";
            if (delivered.Count(message => message.OnRequest) is > 0 and var asked)
                more += $" {who} wrote, and was asked again {StoryWords.Times(asked)}.";
            return $"{who} was told on {string.Join(" and ", channels)}.{more}{(occurrence.HasButtons ? Answer(occurrence, sends) : "")}";
        }
        if (occurrence.DigestOf is { } lead && lead != occurrence.Id)
            return $"{who} is told of it by the digest of row {lead}.";
        return sends.LastOrDefault() switch
        {
            null => $"{who} was to be told, but no message was written.",
            { State: MessageState.Uncertain } held => $"Nobody can know whether {who} was told ({held.Reason}); an operator has to decide.",
            { State: MessageState.Sending } => $"{who} is being told just now.",
            { State: MessageState.Retry } late => $"{who} is not told yet ({late.Reason}); the next try is at {StoryWords.Show(late.DueAt)}.",
            { State: MessageState.Pending } => $"{who} is about to be told.",
            { } over => $"{who} was not told: {over.Reason}.",
        };
    }

    private static string Answer(OccurrenceRow occurrence, IEnumerable<OutboxRow> sends)
    {
        var pressed = sends.SelectMany(message => message.Presses).Where(press => press.Effect is "Confirmed" or "Declined")
            .Select(press => (At: press.PressedAt, press.Effect, How: ""));
        var given = occurrence.HandAnswers.Select(row => (row.At, row.Answer.Effect, How: $" (by {row.Answer.How}, recorded by {row.Answer.By})"));
        var last = pressed.Concat(given).OrderBy(answer => answer.At).LastOrDefault();
        return last.Effect is null ? " No answer yet." : $" The answer: {StoryWords.Effect(last.Effect)}{last.How}.";
    }
}
