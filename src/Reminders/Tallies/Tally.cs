using Microsoft.Extensions.Hosting;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Tallies;

/// <summary>
/// Counts what became of messages, each exactly once, in the minute and the hour it ended in. One node at a time does it, once a minute;
/// two that do it at once wait for each other, on the mark's row.
/// </summary>
internal sealed class Tally(Database database, LeaderLease lease, LoopWatch loops, Outages outages, TimeProvider time) : BackgroundService
{
    private const string What = "Counting what became of messages";
    private const string Lease = "tally";

    /// <summary>How many messages one transaction goes over.</summary>
    internal const int Step = 20_000;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // What an installation has sent before it counts is gone over without haste.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var pulse = loops.Add("tally", 5 * Every);
        do
        {
            try
            {
                if (await lease.TakeAsync(Lease, 3 * Every, stoppingToken))
                {
                    while (await CloseAsync(Step, stoppingToken))
                    {
                        pulse.Beat();
                        await Task.Delay(Rest, time, stoppingToken);
                        await lease.TakeAsync(Lease, 3 * Every, stoppingToken);
                    }
                }

                pulse.Beat();
                outages.Works(What);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed(What, exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Counts what has come, and what has ended of what was noted.</summary>
    /// <returns>Whether there is more to go over at once.</returns>
    internal async Task<bool> CloseAsync(int step, CancellationToken cancellationToken)
    {
        var more = await InTurnAsync<long>("Tallies/Sql/count-new.sql", cancellationToken, step) == step;
        long? after = more ? null : 0;
        while (after is { } last)
        {
            after = await InTurnAsync<long?>("Tallies/Sql/count-late.sql", cancellationToken, last, step);
        }

        if (!more)
        {
            await InTurnAsync<object>("Tallies/Sql/count-suppressed.sql", cancellationToken);
            await using var purge = database.CreateCommand(
                """
                DELETE FROM reminders.tally
                WHERE size = 'minute' AND at < now() - interval '2 days' OR size = 'hour' AND at < now() - interval '90 days'
                """
            );
            await purge.ExecuteNonQueryAsync(cancellationToken);
        }

        return more;
    }

    /// <summary>Under the mark's lock, and with a snapshot from after it was taken.</summary>
    private async Task<T?> InTurnAsync<T>(string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await database.BeganAsync(connection, cancellationToken);
        await using (var turn = database.CreateCommand("SELECT FROM reminders.tally_mark FOR UPDATE", connection))
        {
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var count = database.CreateCommand(Statement.Named(statement), connection).With(values);
        var told = await count.ExecuteScalarAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return told is T counted ? counted : default;
    }
}
