using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reminders.Storage;

/// <summary>Says every two seconds that this node lives, and compares its clock with the database's.</summary>
internal sealed partial class Heartbeat(
    Database dataSource, NodeName node, ClockWatch clock, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly string Version = typeof(Heartbeat).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var leave = dataSource.CreateCommand("DELETE FROM reminders.node WHERE name = $1").With(node.Value);
            await leave.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // A node that stops while the database is away stays listed until the purge.
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var wasHalted = clock.Halted;
        // A reading that took long tells nothing: a process that was stopped between question and answer is not skewed.
        if (await MeasureAsync(connection, cancellationToken) is { } measured)
            clock.Skew = measured;
        var skew = clock.Skew;
        if (clock.Halted && !wasHalted)
            LogHalted(skew);
        else if (wasHalted && !clock.Halted)
            LogResumed(skew);
        else if (clock.Skewed)
            LogSkewed(skew);
        await using var beat = dataSource.CreateCommand("""
            INSERT INTO reminders.node (name, skew, version) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET seen_at = clock_timestamp(), skew = excluded.skew
            """, connection).With(node.Value, skew, Version);
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

    [LoggerMessage(1004, LogLevel.Warning, "The heartbeat was missed: {Reason}")]
    private partial void LogMissed(string reason);

    [LoggerMessage(1005, LogLevel.Warning, "This node's clock is {Skew} off the database's; set it by NTP")]
    private partial void LogSkewed(TimeSpan skew);

    [LoggerMessage(1006, LogLevel.Error, "This node's clock is {Skew} off the database's: it stops firing and leaves that to the others")]
    private partial void LogHalted(TimeSpan skew);

    [LoggerMessage(1007, LogLevel.Information, "This node's clock is {Skew} off the database's: it fires again")]
    private partial void LogResumed(TimeSpan skew);
}
