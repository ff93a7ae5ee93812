using Reminders.Storage;

namespace Reminders.Planning;

/// <summary>
/// Plans the kinds that tell somebody what became of a reminder: takes events that the deciding statements wrote, plans
/// for their subjects and deletes them, in one transaction. A crash leaves the event for another node; the identity of an
/// occurrence keeps a second planning from telling twice.
/// </summary>
internal sealed class EventPlanner(Database dataSource, Planner planner)
{
    /// <returns>Whether there was anything, and so may be more.</returns>
    public async Task<bool> PlanAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await dataSource.BeganAsync(connection, cancellationToken);
        var taken = new List<(long SubjectId, string Name)>();
        await using (var take = dataSource.CreateCommand("""
            DELETE FROM reminders.event
            WHERE id IN (SELECT id FROM reminders.event ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)
            RETURNING subject_id, name
            """, connection))
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                taken.Add((reader.GetInt64(0), reader.GetString(1)));
        }
        if (taken.Count == 0)
            return false;
        foreach (var group in taken.GroupBy(taken => taken.Name))
        {
            var subjects = group.Select(taken => taken.SubjectId).Distinct().Order().ToArray();
            // Planning asks that the subjects hold still meanwhile.
            await using (var hold = dataSource.CreateCommand(
                "SELECT FROM reminders.subject WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", connection))
            {
                hold.Parameters.Add(new() { Value = subjects });
                await hold.ExecuteNonQueryAsync(cancellationToken);
            }
            await planner.PlanAsync(connection, subjects, group.Key, "engine", cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
