using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Failover;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// Stores what a provider delivers, each update once under the provider's own id and what it carries (rule 13), before anybody
/// tries to understand it. The provider is answered as soon as this has committed; so one that the database refuses is stored
/// without its content, or the provider would give it again for ever, and behind it all that came after.
/// </summary>
internal sealed partial class UpdateStore(
    Database dataSource,
    UpdateMemory memory,
    FailoverGuard guard,
    Signals signals,
    IMeterFactory meters,
    ILogger<UpdateStore> logger
)
{
    // As much as a webhook takes: ten times what Telegram could send, and a thousand times what is read of it.
    private const int Longest = 1024 * 1024;

    private readonly Counter<long> _received = meters
        .Create("Reminders")
        .CreateCounter<long>(
            "reminders.inbound.received",
            "{update}",
            "What providers delivered to this node, by source and by outcome: stored, repeated or refused."
        );

    /// <returns>How many were new.</returns>
    public async Task<int> StoreAsync(string source, IReadOnlyList<InboundUpdate> updates, CancellationToken cancellationToken)
    {
        var (added, repeated) = (0, 0);
        var epoch = guard.Epoch;
        foreach (var update in updates.Where(update => update.Json.Length > Longest))
        {
            await RefuseContentAsync(source, update, $"it has {update.Json.Length} characters, more than {Longest}", cancellationToken);
        }

        await Isolation.EachAsync(
            [.. updates.Where(update => update.Json.Length <= Longest)],
            async some =>
            {
                var stored = await InsertAsync(source, some, cancellationToken);
                (added, repeated) = (added + stored, repeated + some.Count - stored);
                memory.Stored(source, some, epoch);
            },
            (update, refusal) =>
                RefuseContentAsync(
                    source,
                    update,
                    $"the database refuses it ({refusal.SqlState}): {OutsideText.Clean(refusal.MessageText)}",
                    cancellationToken
                )
        );
        Count(source, "stored", added);
        Count(source, "repeated", repeated);
        if (added > 0)
        {
            signals.Inbound.Set();
        }

        return added;
    }

    private async Task<int> InsertAsync(string source, IReadOnlyList<InboundUpdate> updates, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            dataSource
                .Names.BatchCommand(Statement.Named("Inbound/Sql/store-updates.sql"))
                .With(
                    source,
                    updates.Select(update => update.ProviderId).ToArray(),
                    updates.Select(update => update.ContentId).ToArray(),
                    updates.Select(update => update.Sender).ToArray(),
                    updates.Select(update => OutsideJson.Storable(update.Json)).ToArray()
                )
        );
        await using var reader = await dataSource.ReadDurablyAsync(batch, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var added = (int)reader.GetInt64(0);
        // To the very end: the commit comes after the last row.
        await reader.NextResultAsync(cancellationToken);
        return added;
    }

    private async Task RefuseContentAsync(string source, InboundUpdate update, string problem, CancellationToken cancellationToken)
    {
        if (await InsertRefusedAsync(source, update, problem, cancellationToken))
        {
            Refuse(source, problem);
        }
    }

    /// <summary>Its ids alone, as failed: a number beyond what PostgreSQL can hold (22003) is JSON, and none for a jsonb column.</summary>
    /// <returns>Whether it is news.</returns>
    private async Task<bool> InsertRefusedAsync(string source, InboundUpdate update, string problem, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.inbound_update AS u (source, provider_id, content_id, sender, payload, state, effect)
                VALUES ($1, $2, $3, $4, '{}', 'failed', $5)
                ON CONFLICT (source, provider_id, content_id) DO UPDATE SET repeats = u.repeats + 1
                RETURNING repeats = 0
                """
            )
            .With(
                source,
                update.ProviderId,
                update.ContentId,
                update.Sender,
                OutsideText.Clean($"refused: the content could not be stored: {problem}")
            );
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
        {
            _received.Add(count, new("source", source), new("outcome", outcome));
        }
    }

    [LoggerMessage(4006, LogLevel.Warning, "An update from {Source} was refused: {Problem}")]
    private partial void LogRefused(string source, string problem);
}
