using Reminders.Storage;

namespace Reminders.Planning;

internal static class WaitingOccurrences
{
    /// <summary>What waited for an address of this person is due again; firing judges whether it is still of use.</summary>
    public static async Task ResumeWaitingAsync(this RemindersDb db, long recipientId, CancellationToken cancellationToken)
    {
        await using var resume = db.Command("""
            UPDATE reminders.occurrence SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
            WHERE recipient_id = $1 AND state = 'waiting'
            """).With(recipientId);
        await resume.ExecuteNonQueryAsync(cancellationToken);
    }
}
