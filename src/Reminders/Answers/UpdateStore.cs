using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>
/// Stores what a provider delivers, each update once under the provider's own id and what it carries (rule 13), before anybody
/// tries to understand it. The provider is answered as soon as this has committed; so one that the database refuses is stored
/// without its content, or the provider would give it again for ever, and behind it all that came after.
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
        var (added, repeated) = (0, 0);
        await Isolation.EachAsync(
            updates,
            async some =>
            {
                var stored = await InsertAsync(source, some, cancellationToken);
                (added, repeated) = (added + stored, repeated + some.Count - stored);
            },
            async (update, refusal) =>
            {
                if (await InsertRefusedAsync(source, update, refusal, cancellationToken))
                    Refuse(source, $"the database refuses it ({refusal.SqlState}): {OutsideText.Clean(OutsideText.Clean(refusal.MessageText))}");
            });
        Count(source, "stored", added);
        Count(source, "repeated", repeated);
        if (added > 0)
            signals.Inbound.Set();
        return added;
    }

    private async Task<int> InsertAsync(string source, IReadOnlyList<InboundUpdate> updates, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(dataSource.Names.BatchCommand("""
            WITH given AS (
                SELECT DISTINCT ON (provider_id, content_id) provider_id, content_id, sender, payload, rank
                FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS t (provider_id, content_id, sender, payload, rank)
                ORDER BY provider_id, content_id, rank),
            stored AS (
                INSERT INTO reminders.inbound_update AS u (source, provider_id, content_id, sender, payload)
                SELECT $1, provider_id, content_id, sender, payload::jsonb FROM given ORDER BY rank
                ON CONFLICT (source, provider_id, content_id) DO UPDATE SET repeats = u.repeats + 1
                RETURNING u.repeats),
            woken AS (SELECT pg_notify('reminders_inbound', ''))
            SELECT count(*) FILTER (WHERE repeats = 0), (SELECT count(*) FROM woken) FROM stored
            """).With(
            source, updates.Select(update => update.ProviderId).ToArray(), updates.Select(update => update.ContentId).ToArray(),
            updates.Select(update => update.Sender).ToArray(), updates.Select(update => OutsideJson.Storable(update.Json)).ToArray()));
        await using var reader = await dataSource.ReadDurablyAsync(batch, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var added = (int)reader.GetInt64(0);
        // To the very end: the commit comes after the last row.
        await reader.NextResultAsync(cancellationToken);
        return added;
    }

    /// <summary>Its ids alone, as failed: a number beyond what PostgreSQL can hold (22003) is JSON, and none for a jsonb column.</summary>
    /// <returns>Whether it is news.</returns>
    private async Task<bool> InsertRefusedAsync(string source, InboundUpdate update, PostgresException refusal, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            INSERT INTO reminders.inbound_update AS u (source, provider_id, content_id, sender, payload, state, effect)
            VALUES ($1, $2, $3, $4, '{}', 'failed', $5)
            ON CONFLICT (source, provider_id, content_id) DO UPDATE SET repeats = u.repeats + 1
            RETURNING repeats = 0
            """).With(source, update.ProviderId, update.ContentId, update.Sender, $"refused: the content could not be stored: {refusal.SqlState}");
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (PostgresException exception) when (Isolation.IsRefusal(exception))
        {
            return true; // not even its ids: said, counted, and let go
        }
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

    [LoggerMessage(4006, LogLevel.Warning, "An update from {Source} was refused: {Problem}")]
    private partial void LogRefused(string source, string problem);
}
