using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Inbound;

/// <summary>A provider may tell when a person blocks or unblocks us; whoever writes from an address can be written to.</summary>
/// <param name="Reason">Why not, when they are not reachable any more.</param>
internal sealed record ChangeReach(string Channel, string Address, bool Reachable, string? Reason = null) : ICommand<int>;

internal sealed class ChangeReachHandler(CommandTransaction db, SubjectChanges changes) : IRequestHandler<ChangeReach, int>
{
    public async Task<int> Handle(ChangeReach request, CancellationToken cancellationToken)
    {
        await using var change = db.Command(
                """
                UPDATE reminders.address SET state = $3, reason = $4, changed_at = clock_timestamp()
                -- Who opted out is reachable, and still does not want to be reached.
                WHERE key = reminders.address_key($1, $2) AND state <> $3 AND state <> 'opted_out'
                RETURNING recipient_id
                """
            )
            .With(
                request.Channel,
                request.Address,
                request.Reachable ? "reachable" : "unreachable",
                request.Reachable ? null : request.Reason
            );
        var recipients = new List<long>();
        await using (var reader = await change.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                recipients.Add(reader.GetInt64(0));
            }
        }
        if (request.Reachable && recipients.Count > 0)
        {
            await db.ResumeWaitingAsync([.. recipients], cancellationToken);
            changes.WakeDue();
        }
        return recipients.Count;
    }
}
