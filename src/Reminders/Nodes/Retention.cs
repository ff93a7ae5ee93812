using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Purges what is old, in small batches, on one node at a time. Occurrences stay: they are the identity, and an old
/// enqueue must still be suppressed when nothing else is left of it.
/// </summary>
internal sealed partial class Retention(
    Database dataSource,
    LeaderLease lease,
    RetentionOptions options,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<Retention> logger
) : BackgroundService
{
    private const string What = "Purging what is old";
    private const string Lease = "retention";
    private const int Batch = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var pulse = loops.Add("purge", 3 * Every);
        do
        {
            try
            {
                if (await lease.TakeAsync(Lease, Every, stoppingToken))
                {
                    await PurgeAsync(stoppingToken);
                }

                pulse.Beat();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed(What, exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        // Edits first: they point at the message they change.
        var messages = await InBatchesAsync(
            """
            DELETE FROM reminders.outbox WHERE id IN (
                SELECT m.id FROM reminders.outbox m
                WHERE m.state IN ('sent', 'dead', 'cancelled') AND m.settled_at < now() - $1
                  AND NOT EXISTS (SELECT FROM reminders.outbox e WHERE e.target_id = m.id)
                ORDER BY m.settled_at LIMIT $2)
            """,
            options.Messages,
            cancellationToken
        );
        await InBatchesAsync(
            """
            UPDATE reminders.occurrence SET data = NULL, data_id = NULL WHERE id IN (
                SELECT id FROM reminders.occurrence
                WHERE (data IS NOT NULL OR data_id IS NOT NULL) AND state IN ('fired', 'skipped', 'cancelled')
                    AND useful_until < now() - $1 LIMIT $2)
            """,
            options.Messages,
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.shared_data WHERE id IN (
                SELECT s.id FROM reminders.shared_data s
                WHERE s.used_at < now() - $1 AND NOT EXISTS (SELECT FROM reminders.occurrence o WHERE o.data_id = s.id)
                  AND NOT EXISTS (SELECT FROM reminders.inbox_item i WHERE i.data_id = s.id)
                ORDER BY s.used_at LIMIT $2)
            """,
            options.Messages,
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.inbound_update WHERE (source, provider_id, content_id) IN (
                SELECT source, provider_id, content_id FROM reminders.inbound_update
                WHERE state <> 'received' AND received_at < now() - $1 LIMIT $2)
            """,
            options.Updates,
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.idempotency WHERE (caller, key) IN (
                SELECT caller, key FROM reminders.idempotency WHERE created_at < now() - $1 LIMIT $2)
            """,
            options.IdempotencyKeys,
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.throttle WHERE (channel, address) IN (
                SELECT channel, address FROM reminders.throttle WHERE next_at < now() - $1 LIMIT $2)
            """,
            TimeSpan.FromHours(1),
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.reply WHERE (key, what) IN (
                SELECT key, what FROM reminders.reply WHERE at < now() - $1 LIMIT $2)
            """,
            TimeSpan.FromDays(1),
            cancellationToken
        );
        await InBatchesAsync(
            """
            DELETE FROM reminders.access_token WHERE hash IN (
                SELECT hash FROM reminders.access_token WHERE expires_at < now() - $1 LIMIT $2)
            """,
            TimeSpan.FromDays(1),
            cancellationToken
        );
        await InBatchesAsync(
            "DELETE FROM reminders.node WHERE name IN (SELECT name FROM reminders.node WHERE seen_at < now() - $1 LIMIT $2)",
            TimeSpan.FromDays(1),
            cancellationToken
        );
        // The last twenty of a kind and language: what nodes have just now is not old, however many builds there are.
        await InBatchesAsync(
            """
            DELETE FROM reminders.text_seen WHERE (kind, locale, print, stay) IN (
                SELECT kind, locale, print, stay FROM (
                    SELECT s.*, row_number() OVER (PARTITION BY kind, locale ORDER BY last_seen DESC) AS place FROM reminders.text_seen s) r
                WHERE place > 20 AND last_seen < now() - $1 LIMIT $2)
            """,
            TimeSpan.FromMinutes(5),
            cancellationToken
        );
        foreach (var late in LateOutcomes)
        {
            await InBatchesAsync(late, TimeSpan.FromDays(1), cancellationToken);
        }

        if (messages > 0)
        {
            LogPurged(messages);
        }
    }

    private async Task<int> InBatchesAsync(string sql, TimeSpan age, CancellationToken cancellationToken)
    {
        var total = 0;
        int gone;
        try
        {
            do
            {
                await using var command = dataSource.CreateCommand(sql).With(age, Batch);
                gone = await command.ExecuteNonQueryAsync(cancellationToken);
                total += gone;
            } while (gone == Batch);
            outages.Works($"{What} from {Table(sql)}");
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            // Somebody's foreign key, say. The other tables are purged all the same.
            outages.Failed($"{What} from {Table(sql)}", refusal);
        }
        return total;

        static string Table(string sql) => sql.Split(' ', '\n').First(word => word.StartsWith("reminders.", StringComparison.Ordinal));
    }

    /// <summary>What is written of a message that was under way when its recipient was erased, $1 ago at most. At most $2 rows.</summary>
    private static readonly string[] LateOutcomes =
    [
        """
            UPDATE reminders.attempt SET detail = NULL WHERE (message_id, lease_token) IN (
                SELECT a.message_id, a.lease_token FROM reminders.recipient r
                JOIN reminders.occurrence o ON o.recipient_id = r.id JOIN reminders.outbox m ON m.occurrence_id = o.id
                JOIN reminders.attempt a ON a.message_id = m.id
                WHERE r.erased_at > now() - $1 AND a.detail IS NOT NULL LIMIT $2)
            """,
        """
            UPDATE reminders.outbox SET provider_message_id = NULL, reason = 'erased with the recipient' WHERE id IN (
                SELECT m.id FROM reminders.recipient r
                JOIN reminders.occurrence o ON o.recipient_id = r.id JOIN reminders.outbox m ON m.occurrence_id = o.id
                WHERE r.erased_at > now() - $1 AND m.settled_at > r.erased_at
                  AND (m.provider_message_id IS NOT NULL OR m.reason <> 'erased with the recipient') LIMIT $2)
            """,
    ];

    [LoggerMessage(1008, LogLevel.Information, "Purged {Count} old messages")]
    private partial void LogPurged(int count);
}
