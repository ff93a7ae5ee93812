namespace Reminders.Lab.Chaos.Check;

/// <summary>
/// Nobody is told what the booking app knew to be no longer so: an attempt to send a version that began after the answer to
/// the command that replaced or cancelled it. What began before may still arrive; nothing could call it back.
/// </summary>
internal sealed class StaleCheck(Evidence evidence)
{
    public IEnumerable<string> Find()
    {
        var changes = evidence.Changes.ToLookup(change => change.Booking);
        var occurrences = evidence.Ledger.Where(row => row.Kind == "CONFIRM_2H").ToDictionary(row => row.Id);
        var sends = evidence.Messages.Where(message => message.Operation == "send").ToDictionary(message => message.Id);
        return
        [
            .. from attempt in evidence.Attempts
            where sends.ContainsKey(attempt.MessageId) && occurrences.ContainsKey(sends[attempt.MessageId].OccurrenceId)
            let row = occurrences[sends[attempt.MessageId].OccurrenceId]
            let replaced = changes[row.Booking]
                .FirstOrDefault(change =>
                    change.KnownAt < attempt.StartedAt
                    && (change.Version > row.Version || change.Version == row.Version && change.Status == "cancelled")
                )
            where replaced is not null
            select $"{row.Name}: begun at {attempt.StartedAt:HH:mm:ss.fff}, replaced by v{replaced.Version} "
                + $"{replaced.Status} before {replaced.KnownAt:HH:mm:ss.fff}",
        ];
    }
}
