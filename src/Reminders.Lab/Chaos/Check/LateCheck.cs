namespace Reminders.Lab.Chaos.Check;

/// <summary>What arrived after the lease of its attempt had been taken away: sent by a node that should have known better.</summary>
internal sealed class LateCheck(Evidence evidence)
{
    public IEnumerable<string> Find()
    {
        var arrivals = evidence.Arrivals.ToLookup(arrival => (arrival.Chat, arrival.Text));
        return
        [
            .. from attempt in evidence.Attempts
            where attempt.Outcome == "lease lost"
            join message in evidence.Messages on attempt.MessageId equals message.Id
            where message.Operation == "send"
            join row in evidence.Ledger on message.OccurrenceId equals row.Id
            from arrival in arrivals[(row.Chat, row.Text)]
            where arrival.At > attempt.SettledAt
            select $"{row.Name}: arrived at {arrival.At:HH:mm:ss.fff}, lost at {attempt.SettledAt:HH:mm:ss.fff}",
        ];
    }
}
