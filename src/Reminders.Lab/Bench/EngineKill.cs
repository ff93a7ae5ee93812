using Npgsql;

namespace Reminders.Lab.Bench;

/// <summary>SIGKILL to one of two nodes in the middle of a burst.</summary>
internal static class EngineKill
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<KillResult> RunAsync(int count, int inFlight, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.StartUnlimitedAsync(
            2,
            cancellationToken,
            new()
            {
                ["Outbox__InFlight"] = $"{inFlight}",
                // A rest of the shipped 25 s would be most of what is measured.
                ["Outbox__ClaimLease"] = "00:00:05",
                ["Outbox__SendLease"] = "00:00:15",
                ["Telegram__SendTimeout"] = "00:00:10",
            }
        );
        var record = cluster.Telegram.Record;
        await BulkBookings.WriteAsync(cluster.Database, count, "CONFIRM_2H", TimeSpan.Zero, queued: false, cancellationToken);
        await record.WaitForAsync(seen => seen.MessageCount >= count / 4, Patience, cancellationToken);
        await cluster.KillAsync(0);
        var (killed, before) = (time.GetUtcNow(), record.MessageCount);
        // A doubt may have arrived or not; everything else arrives.
        await record.WaitForAsync(seen => seen.MessageCount >= count - inFlight, Patience, cancellationToken);
        if (!await Until.TrueAsync(() => IsSettledAsync(cluster.Database, cancellationToken), Patience, cancellationToken))
        {
            throw new TimeoutException($"Not everything was settled within {Patience}.");
        }

        return KillResult.Of(count, before, killed, record.Messages, await DoubtsAsync(cluster.Database, cancellationToken));
    }

    private static async Task<bool> IsSettledAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var settled = database.CreateCommand(
            """
            SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state IN ('pending', 'retry', 'sending') AND kind = 'CONFIRM_2H')
               AND NOT EXISTS (SELECT FROM reminders.occurrence WHERE state = 'planned' AND kind = 'CONFIRM_2H')
            """
        );
        return await settled.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<long[]> DoubtsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(array_agg(a.address::bigint), '{}') FROM reminders.outbox m JOIN reminders.address a
                USING (recipient_id, channel)
            WHERE m.kind = 'CONFIRM_2H' AND m.state = 'uncertain'
            """
        );
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
