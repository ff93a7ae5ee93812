using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Ledger;

/// <summary>
/// Plans the kinds that tell somebody what became of a reminder: takes events that the deciding statements wrote, plans
/// for their subjects and deletes them, in one transaction. A crash leaves the event for another node; the identity of an
/// occurrence keeps a second planning from telling twice.
/// </summary>
internal sealed partial class EventPlanner(
    Database dataSource,
    Planner planner,
    SuppressionMetrics metrics,
    PutAsides asides,
    ILogger<EventPlanner> logger
)
{
    private const int Batch = 500;
    private readonly PutAside _putAside = asides.Of("plan");

    /// <returns>Whether there was anything, and so may be more.</returns>
    public async Task<bool> PlanAsync(CancellationToken cancellationToken)
    {
        // Asked at every turn of every node, and nearly always there is nothing: no transaction for that.
        if (await WaitingAsync(cancellationToken) is [])
        {
            return false;
        }

        var planned = false;
        await _putAside.AroundAsync(
            async some => planned |= await PlanAsync(some, cancellationToken),
            () => WaitingAsync(cancellationToken),
            (id, rest, refusal) => LogUnplannable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        return planned;
    }

    private async Task<long[]> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand("SELECT ARRAY(SELECT id FROM reminders.event WHERE id <> ALL ($1) ORDER BY id LIMIT $2)")
            .With(_putAside.Now, Batch);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<bool> PlanAsync(long[]? among, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await dataSource.BeganAsync(connection, cancellationToken);
        var taken = new List<(long SubjectId, string Name)>();
        await using (
            var take = dataSource
                .CreateCommand(
                    $"""
                    DELETE FROM reminders.event
                    WHERE id IN (SELECT id FROM reminders.event WHERE id {(
                        among is null ? "<> ALL" : "= ANY"
                    )} ($1) ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
                    RETURNING subject_id, name
                    """,
                    connection
                )
                .With(among ?? _putAside.Now, Batch)
        )
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                taken.Add((reader.GetInt64(0), reader.GetString(1)));
            }
        }
        if (taken.Count == 0)
        {
            return false;
        }

        var suppressed = new List<SuppressedKind>();
        foreach (var group in taken.GroupBy(taken => taken.Name))
        {
            var subjects = group.Select(taken => taken.SubjectId).Distinct().Order().ToArray();
            // Planning asks that the subjects hold still meanwhile.
            await using (
                var hold = dataSource.CreateCommand(
                    "SELECT FROM reminders.subject WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE",
                    connection
                )
            )
            {
                hold.Parameters.Add(new() { Value = subjects });
                await hold.ExecuteNonQueryAsync(cancellationToken);
            }
            suppressed.AddRange((await planner.PlanAsync(connection, subjects, group.Key, "engine", cancellationToken)).SuppressedKinds);
        }
        await transaction.CommitAsync(cancellationToken);
        foreach (var (kind, rule, count) in suppressed)
        {
            metrics.Add(kind, rule, count);
        }

        return true;
    }

    [LoggerMessage(2006, LogLevel.Error, "Event {EventId} cannot be planned for ({SqlState} {Reason}) and is left alone for {Rest}")]
    private partial void LogUnplannable(long eventId, TimeSpan rest, string sqlState, string reason);
}
