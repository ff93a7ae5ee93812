using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Subjects;

internal static class WaitingOccurrences
{
    /// <summary>What waited for an address of these people is due again; firing judges whether it is still of use.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> ResumeWaitingAsync(this CommandTransaction db, long[] recipientIds, CancellationToken cancellationToken)
    {
        await using var resume = db.Command(
                """
                UPDATE reminders.occurrence SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
                WHERE recipient_id = ANY ($1) AND state = 'waiting'
                """
            )
            .With((object)recipientIds);
        return await resume.ExecuteNonQueryAsync(cancellationToken);
    }
}
