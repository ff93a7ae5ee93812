using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// What only one node does at a time: a row with a holder and an end, both in database time. A lease and not an advisory
/// lock, because a frozen process keeps its session, and its lock, for as long as it is frozen.
/// </summary>
internal sealed class LeaderLease(Database dataSource, NodeName node)
{
    /// <summary>Takes the lease when it is free or run out, or renews it; false while another node holds it.</summary>
    public async Task<bool> TakeAsync(string name, TimeSpan length, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.lease AS l (name, holder, held_until) VALUES ($1, $2, clock_timestamp() + $3)
                ON CONFLICT (name) DO UPDATE
                SET holder = $2, held_until = clock_timestamp() + $3, token = l.token + CASE WHEN l.holder = $2 THEN 0 ELSE 1 END
                WHERE l.holder = $2 OR l.held_until < clock_timestamp()
                """
            )
            .With(name, node.Value, length);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Lets another node take over at once.</summary>
    public async Task ReleaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand("DELETE FROM reminders.lease WHERE name = $1 AND holder = $2")
            .With(name, node.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
