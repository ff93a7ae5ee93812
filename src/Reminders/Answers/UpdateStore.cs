using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>
/// Stores what a provider delivers, each update once under the provider's own id (rule 13), before anybody tries to
/// understand it. The provider is answered as soon as this has committed.
/// </summary>
internal sealed partial class UpdateStore(Database dataSource, Signals signals, IMeterFactory meters, ILogger<UpdateStore> logger)
{
    public const string Telegram = "telegram";
    public const string WhatsApp = "whatsapp";

    private readonly Counter<long> received = meters.Create("Reminders").CreateCounter<long>(
        "reminders.inbound.received", "{update}", "What providers delivered to this node, by source and by outcome: stored, repeated or refused.");

    /// <returns>How many were new.</returns>
    public async Task<int> StoreAsync(string source, IReadOnlyList<InboundUpdate> updates, CancellationToken cancellationToken)
    {
        if (updates.Count == 0)
            return 0;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(dataSource.Names.BatchCommand("""
            WITH given AS (
                SELECT DISTINCT ON (provider_id) provider_id, sender, payload, rank
                FROM unnest($2, $3, $4) WITH ORDINALITY AS t (provider_id, sender, payload, rank)
                ORDER BY provider_id, rank),
            stored AS (
                INSERT INTO reminders.inbound_update AS u (source, provider_id, sender, payload)
                SELECT $1, provider_id, sender, payload::jsonb FROM given ORDER BY rank
                ON CONFLICT (source, provider_id) DO UPDATE SET repeats = u.repeats + 1
                RETURNING u.repeats),
            woken AS (SELECT pg_notify('reminders_inbound', ''))
            SELECT count(*) FILTER (WHERE repeats = 0), (SELECT count(*) FROM woken) FROM stored
            """).With(
            source, updates.Select(update => update.ProviderId).ToArray(), updates.Select(update => update.Sender).ToArray(),
            updates.Select(update => StorableJson.Of(update.Json)).ToArray()));
        int added;
        await using (var reader = await dataSource.ReadDurablyAsync(batch, cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            added = (int)reader.GetInt64(0);
            // To the very end: the commit comes after the last row.
            await reader.NextResultAsync(cancellationToken);
        }
        Count(source, "stored", added);
        Count(source, "repeated", updates.Count - added);
        signals.Inbound.Set();
        return added;
    }

    /// <summary>Notes what has no usable id and so can be neither stored nor known again.</summary>
    public void Refuse(string source, string problem)
    {
        Count(source, "refused", 1);
        LogRefused(source, problem);
    }

    private void Count(string source, string outcome, int count)
    {
        if (count > 0)
            received.Add(count, new("source", source), new("outcome", outcome));
    }

    [LoggerMessage(4006, LogLevel.Warning, "An update from {Source} without a usable id was refused: {Problem}")]
    private partial void LogRefused(string source, string problem);
}
