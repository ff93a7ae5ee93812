using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <param name="Count">Messages, each with a due instant of its own.</param>
/// <param name="Pending">Reminders that are planned for much later meanwhile.</param>
internal sealed record DueSettings(int Count, int Pending);

/// <param name="EarliestMs">Of the one that came soonest after its due instant: below zero, it came early.</param>
/// <param name="Wait">From the due instant to the message at Telegram.</param>
internal sealed record DueFigure(double EarliestMs, Latency Wait);

/// <summary>What a minute costs in which nothing is due.</summary>
/// <param name="Percent">Of a core, the node and PostgreSQL together.</param>
/// <param name="NodePercent">The node's part of it.</param>
/// <param name="Asked">What was asked of PostgreSQL, in milliseconds of the minute.</param>
internal sealed record IdleFigure(double Percent, double NodePercent, PostgresWork Asked);

/// <param name="Inside">Due at instants inside a second.</param>
/// <param name="Whole">Due on whole seconds.</param>
internal sealed record DueResult(DueSettings Settings, IdleFigure Idle, DueFigure Inside, DueFigure Whole)
{
    internal bool IsKept => Inside.EarliestMs >= 0 && Whole.EarliestMs >= 0;
}

/// <summary>
/// How punctual a message is where nothing else is to be done: one after another falls due, and many more are planned for later.
/// </summary>
internal sealed class DueBench(BenchCluster cluster, DueSettings settings, TimeProvider time)
{
    private const int AtOnce = 100_000;
    private static readonly TimeSpan Later = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    // By which no two of a thousand come at the same part of a second.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(237);

    public async Task<DueResult> RunAsync(CancellationToken cancellationToken)
    {
        for (var written = 0; written < settings.Pending; written += AtOnce)
        {
            await BulkBookings.WriteAsync(
                cluster.Database,
                Math.Min(AtOnce, settings.Pending - written),
                "CONFIRM_2H",
                Later,
                queued: false,
                cancellationToken,
                $"later{written}"
            );
        }

        // What autovacuum has long done where so many wait.
        await using (var clear = cluster.Database.CreateCommand("VACUUM (ANALYZE)"))
        {
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        await OneAfterAnotherAsync("warm-up", Math.Min(settings.Count, 40), Step, cancellationToken);
        var inside = await OneAfterAnotherAsync("inside", settings.Count, Step, cancellationToken);
        var whole = await OneAfterAnotherAsync("whole", Math.Max(1, settings.Count / 4), TimeSpan.FromSeconds(1), cancellationToken);
        return new(settings, await IdleAsync(cancellationToken), inside, whole);
    }

    private async Task<IdleFigure> IdleAsync(CancellationToken cancellationToken)
    {
        // A node that has run for a while is what is measured, not its compiler.
        await Task.Delay(Idle, time, cancellationToken);
        var (cpu, postgres) = (cluster.CpuMeter(), new StatementMeter(cluster.Database, most: 40));
        await postgres.StartAsync(cancellationToken);
        cpu.Start();
        await Task.Delay(Idle, time, cancellationToken);
        // Of a thousand, it is milliseconds.
        var (used, asked) = (cpu.Stop(1000), await postgres.StopAsync(1000, cancellationToken));
        double Percent(double ms) => Math.Round(ms / Idle.TotalMilliseconds * 100, 2);
        return new(Percent(used.Nodes + used.Postgres), Percent(used.Nodes), asked);
    }

    private async Task<DueFigure> OneAfterAnotherAsync(string name, int count, TimeSpan step, CancellationToken cancellationToken)
    {
        var before = cluster.Telegram.Record.MessageCount;
        for (var n = 0; n < count; n++)
        {
            await BulkBookings.WriteAsync(
                cluster.Database,
                1,
                "CONFIRM_2H",
                Ahead + n * step,
                queued: false,
                cancellationToken,
                $"{name}{n}"
            );
        }

        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= before + count, Patience, cancellationToken);
        await using var due = cluster
            .Database.CreateCommand(LabStatement.Named("Bench/Sql/due-instants.sql"))
            .With([Enumerable.Range(0, count).Select(n => $"{name}{n}:1").ToArray()]);
        await using var reader = await due.ExecuteReaderAsync(cancellationToken);
        var waits = new List<TimeSpan>();
        while (await reader.ReadAsync(cancellationToken))
        {
            waits.Add(cluster.Telegram.Record.MessagesTo(reader.GetInt64(0))[0].ArrivedAt - reader.GetFieldValue<DateTimeOffset>(1));
        }

        return new(Math.Round(waits.Min().TotalMilliseconds, 2), Latency.Of(waits));
    }
}
