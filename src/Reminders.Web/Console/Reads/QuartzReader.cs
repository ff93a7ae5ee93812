using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Console.Reads;

/// <param name="Waiting">How many occurrences wait for it.</param>
/// <param name="Ticks">When it fires next, as the scheduler keeps it: with the name, where the next page begins.</param>
internal sealed record DueTrigger(string Kind, DateTimeOffset Due, string State, long Ticks, string Name, long Waiting);

internal sealed record RunningNow(string Kind, DateTimeOffset Since, string Node);

internal sealed record KindRuns(string Kind, long Runs, long Failed, DateTimeOffset? Last, long Missed);

internal sealed record SchedulerTrouble(string Kind, DateTimeOffset At, bool IsFailure, string? Node, string? Said);

/// <summary>What the scheduler has before it, does, and did. It says when, never whether.</summary>
internal sealed class QuartzReader(CommandTransaction db)
{
    private const int Most = 20;

    private string Scheduler => db.Names.Engine;

    public Task<List<DueTrigger>> DueAsync(string kind, (long Ticks, string Name) after, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            WebStatement.Named("Console/Reads/Sql/quartz-due.sql"),
            row => new DueTrigger(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                row.GetString(2),
                row.GetInt64(3),
                row.GetString(4),
                row.GetInt64(5)
            ),
            cancellationToken,
            Scheduler,
            kind,
            after.Ticks,
            after.Name,
            most
        );

    public Task<List<RunningNow>> RunningAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            "SELECT kind, fired_at, node FROM quartz.firings WHERE scheduler = $1 AND state = 'executing' ORDER BY fired_at LIMIT $2",
            row => new RunningNow(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2)),
            cancellationToken,
            Scheduler,
            Most
        );

    public Task<List<KindRuns>> LatelyAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            WebStatement.Named("Console/Reads/Sql/quartz-lately.sql"),
            row => new KindRuns(
                row.GetString(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
                row.GetInt64(4)
            ),
            cancellationToken,
            Scheduler
        );

    public Task<List<SchedulerTrouble>> TroubleAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            WebStatement.Named("Console/Reads/Sql/quartz-trouble.sql"),
            row => new SchedulerTrouble(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                row.GetString(2) == "failed",
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4)
            ),
            cancellationToken,
            Scheduler,
            Most
        );

    /// <summary>How many of the next thousand instants have no trigger.</summary>
    public async Task<long> WithoutTriggerAsync(CancellationToken cancellationToken)
    {
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/without-trigger.sql")).With(Scheduler);
        return (long)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<T>> ReadAsync<T>(
        string sql,
        Func<Npgsql.NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var read = db.Command(sql).With(values);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
