using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Explain;

/// <summary>How a reminder stands, in one sentence. Pure.</summary>
internal static class StorySummary
{
    public static string Of(OccurrenceRow occurrence)
    {
        var who = occurrence.Recipient.Name;
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
            var copies = delivered.GroupBy(message => message.Channel).Max(channel => (int?)channel.Count()) ?? 1;
            var more = copies > 1 ? $" An operator had it sent {StoryWords.Times(copies)}." : "";
            return $"{who} was told on {string.Join(" and ", channels)}.{more}{(occurrence.HasButtons ? Answer(sends) : "")}";
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

    private static string Answer(IEnumerable<OutboxRow> sends) =>
        sends.SelectMany(message => message.Presses).Where(press => press.Effect is "Confirmed" or "Declined")
            .OrderBy(press => press.PressedAt).LastOrDefault() is { } last ? $" The answer: {StoryWords.Effect(last.Effect)}." : " No answer yet.";
}
