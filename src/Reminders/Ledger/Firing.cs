using Microsoft.Extensions.Logging;
using NpgsqlTypes;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Ledger;

/// <summary>
/// Fires what is due: takes planned occurrences, judges each against its subject as it is now, and writes outbox rows for
/// those still wanted and a reason for the others. One statement per batch, whoever calls: Quartz's job and the
/// reconciler run the same, and SKIP LOCKED lets them meet.
/// </summary>
internal sealed partial class Firing(
    Database dataSource,
    KindCatalog kinds,
    NodeName node,
    DirectDispatch direct,
    Signals signals,
    SuppressionMetrics metrics,
    PutAsides asides,
    ILogger<Firing> logger
)
{
    private static readonly string FireAll = Statement.Named("Ledger/Sql/fire.sql");
    private static readonly string FireAmong = Statement.Named("Ledger/Sql/fire.sql", "among");
    private readonly PutAside _putAside = asides.Of("fire");

    // Small enough that sending begins while the rest of a burst is still being judged.
    private const int Batch = 250;

    /// <summary>Fires everything of one kind that is due.</summary>
    public Task<int> FireAsync(string kind, CancellationToken cancellationToken) =>
        FireAsync([.. kinds.Kinds.Values.Where(declared => declared.Name == kind)], TimeSpan.Zero, Via.Trigger, cancellationToken);

    /// <summary>
    /// Fires what no trigger stands for: occurrences that were due when they were planned, and those a trigger should have
    /// fired more than <paramref name="grace"/> ago. What a dispatcher of this node takes by itself is left to it, unless there is no
    /// grace.
    /// </summary>
    public Task<int> FireOverdueAsync(TimeSpan grace, CancellationToken cancellationToken) =>
        FireAsync(
            [.. kinds.Kinds.Values.Where(kind => grace == TimeSpan.Zero || !direct.SeesTo(kind.Name))],
            grace,
            Via.Reconciler,
            cancellationToken
        );

    /// <summary>Fires the given ones of those that are due: what a dispatcher found not to be plain.</summary>
    public Task<int> FireAsync(long[] occurrences, CancellationToken cancellationToken) =>
        FireAsync([.. kinds.Kinds.Values], TimeSpan.Zero, Via.Dispatcher, cancellationToken, occurrences);

    /// <summary>
    /// An address that came while its person's occurrence was being judged was not there for the judge, and the occurrence
    /// was not waiting yet for whoever brought the address.
    /// </summary>
    public async Task ResumeReachedAsync(CancellationToken cancellationToken)
    {
        await using var resume = dataSource.CreateCommand(Statement.Named("Ledger/Sql/resume-reached.sql"));
        var declared = kinds.Kinds.Values.ToArray();
        resume.Parameters.Add(new() { Value = declared.Select(kind => kind.Name).ToArray() });
        resume.Parameters.Add(new() { Value = declared.Select(kind => string.Join(',', kind.Channels)).ToArray() });
        await resume.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How long until the kind's next occurrence, if that is within <paramref name="horizon"/>.</summary>
    public async Task<TimeSpan?> NextDueAsync(string kind, TimeSpan horizon, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT due_at - clock_timestamp() FROM reminders.occurrence
            WHERE state = 'planned' AND due_at > now() AND due_at <= now() + $2 AND kind = $1
            ORDER BY due_at, id LIMIT 1
            """
        );
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = horizon });
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }

    private async Task<int> FireAsync(
        KindDefinition[] declared,
        TimeSpan grace,
        string via,
        CancellationToken cancellationToken,
        long[]? occurrences = null
    )
    {
        if (declared.Length == 0)
        {
            return 0;
        }

        var total = 0;
        await _putAside.AroundAsync(
            async some =>
            {
                some ??= occurrences;
                int judged,
                    retimed;
                do
                {
                    (judged, retimed) = await FireAsync(some);
                    total += judged;
                } while (judged + retimed == Batch && some is null);
            },
            () => occurrences is null ? DueAsync(declared, grace, cancellationToken) : Task.FromResult(occurrences),
            (id, rest, refusal) => LogUnfireable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        return total;

        async Task<(int Judged, int Retimed)> FireAsync(long[]? among)
        {
            await using var command = dataSource.CreateCommand(among is null ? FireAll : FireAmong);
            // The first fills a batch by itself where it can: not always the same.
            Random.Shared.Shuffle(declared);
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.Name).ToArray() });
            command.Parameters.Add(new() { Value = declared.Select(kind => string.Join(',', kind.Channels)).ToArray() });
            command.Parameters.Add(new() { Value = grace });
            command.Parameters.Add(new() { Value = Math.Max(Batch, among?.Length ?? 0) });
            command.Parameters.Add(new() { Value = node.Value });
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.EveryChannel).ToArray() });
            command.Parameters.Add(
                new() { Value = declared.Select(kind => kind.Digest).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Interval }
            );
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.After.Length == 0 ? null : kind.After).ToArray() });
            command.Parameters.Add(new() { Value = declared.Select(kind => kind.Wait).ToArray() });
            command.Parameters.Add(new() { Value = among ?? _putAside.Now });
            command.Parameters.Add(new() { Value = via });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var judged = (int)reader.GetInt64(0);
            var queued = (int)reader.GetInt64(1);
            if (reader.GetInt64(2) > 0)
            {
                signals.Due.Set();
            }

            if (queued > 0)
            {
                signals.OutboxWritten();
            }

            foreach (var same in (reader.IsDBNull(4) ? [] : reader.GetFieldValue<string[]>(4)).CountBy(kind => kind))
            {
                metrics.Add(same.Key, SuppressionMetrics.AlreadyTold, same.Value);
            }

            if (judged > 0)
            {
                LogFired(judged, queued);
            }

            return (judged, (int)reader.GetInt64(3));
        }
    }

    /// <summary>Who found that an occurrence's time had come, as the ledger has it.</summary>
    internal static class Via
    {
        public const string Trigger = "trigger";
        public const string Reconciler = "reconciler";

        /// <summary>The same as <c>take.sql</c> writes of what it fires by itself.</summary>
        public const string Dispatcher = "dispatcher";
    }

    /// <summary>What a firing would take up next.</summary>
    private async Task<long[]> DueAsync(KindDefinition[] declared, TimeSpan grace, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(Statement.Named("Ledger/Sql/fire-due.sql"))
            .With(declared.Select(kind => kind.Name).ToArray(), grace, _putAside.Now, Batch);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(2007, LogLevel.Error, "Occurrence {OccurrenceId} cannot be fired ({SqlState} {Reason}) and is left alone for {Rest}")]
    private partial void LogUnfireable(long occurrenceId, TimeSpan rest, string sqlState, string reason);

    [LoggerMessage(2001, LogLevel.Information, "Fired {Judged} due occurrences: {Queued} messages queued")]
    private partial void LogFired(int judged, int queued);
}
