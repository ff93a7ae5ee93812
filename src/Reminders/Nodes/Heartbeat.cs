using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Says every two seconds that this node lives, which of its loops hang, what it leaves alone, whether it hears the others and over which
/// channels it sends, and compares its clock with the database's. From here on sessions that take no writes are turned away: a node is
/// no use on them.
/// </summary>
internal sealed partial class Heartbeat(
    Database dataSource,
    NodeName node,
    ClockWatch clock,
    LoopWatch loops,
    PutAsides asides,
    Signals signals,
    DatabaseTrouble trouble,
    Outages outages,
    TimeProvider time,
    ILogger<Heartbeat> logger
) : BackgroundService
{
    /// <summary>Five missed heartbeats: who was silent for longer does not run, or cannot reach the database.</summary>
    public static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);
    private const string What = "The heartbeat";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    internal static readonly string Version = typeof(Heartbeat)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        var pulse = loops.Add("heartbeat", TimeSpan.FromSeconds(20));
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
                pulse.Beat();
                outages.Works(What);
                outages.DatabaseWorks();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed(What, exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        trouble.OnlyWritable = true;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var leave = dataSource.CreateCommand("DELETE FROM reminders.node WHERE name = $1").With(node.Value);
            await leave.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // A node that stops while the database is away, or out of its host's patience, stays listed until the purge. Thrown
            // on, it would turn the stop into a crash.
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var wasHalted = clock.Halted;
        // A reading that took long tells nothing: a process that was stopped between question and answer is not skewed.
        if (await MeasureAsync(connection, cancellationToken) is { } measured)
        {
            clock.Skew = measured;
        }

        var skew = clock.Skew;
        if (clock.Halted && !wasHalted)
        {
            LogHalted(skew);
        }
        else if (wasHalted && !clock.Halted)
        {
            LogResumed(skew);
        }
        else if (clock.Skewed)
        {
            LogSkewed(skew);
        }

        var hanging = loops.Look().Where(loop => loop.Hangs).ToArray();
        // After an outage this heartbeat may be the first to come round: that the others have not is no news of theirs.
        foreach (var loop in outages.IsDatabaseAway ? [] : hanging)
        {
            LogHangs(loop.Name, loop.Silence, loop.Bound);
        }

        await using var beat = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.node (name, skew, version, hanging, hears, aside, serves) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (name) DO UPDATE SET seen_at = clock_timestamp(), skew = excluded.skew, hanging = excluded.hanging,
                    hears = excluded.hears,
                    aside = excluded.aside, serves = excluded.serves
                """,
                connection
            )
            .With(
                node.Value,
                skew,
                Version,
                hanging.Select(loop => loop.Name).ToArray(),
                signals.Listening,
                asides.Look(),
                signals.Outbox.Keys.ToArray()
            );
        await beat.ExecuteNonQueryAsync(cancellationToken);
    }

    // The database answered somewhere between the two readings; half the round trip is the error.
    private async Task<TimeSpan?> MeasureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = dataSource.CreateCommand("SELECT clock_timestamp()", connection);
        var began = time.GetTimestamp();
        var before = time.GetUtcNow();
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var database = reader.GetFieldValue<DateTimeOffset>(0);
        var took = time.GetElapsedTime(began);
        return took < ClockWatch.WarnAbove ? before + took / 2 - database : null;
    }

    [LoggerMessage(1013, LogLevel.Error, "The loop '{Loop}' has not come round for {Silence}, which should take at most {Bound}")]
    private partial void LogHangs(string loop, TimeSpan silence, TimeSpan bound);

    [LoggerMessage(1005, LogLevel.Warning, "This node's clock is {Skew} off the database's; set it by NTP")]
    private partial void LogSkewed(TimeSpan skew);

    [LoggerMessage(
        1006,
        LogLevel.Error,
        "This node's clock is {Skew} off the database's: its Quartz stands by, and the reconciler fires by the database's "
            + "clock. Set it by NTP, here or there"
    )]
    private partial void LogHalted(TimeSpan skew);

    [LoggerMessage(1007, LogLevel.Information, "This node's clock is {Skew} off the database's: its Quartz fires again")]
    private partial void LogResumed(TimeSpan skew);
}
