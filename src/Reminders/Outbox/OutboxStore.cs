using Npgsql;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>The dispatcher's statements: claim, start and settle. Set-based, one round trip and one commit each.</summary>
internal sealed class OutboxStore(Database dataSource, KindCatalog kinds, OutboxOptions options, NodeName node)
{
    // Once: every exchange needs them, and kinds are declared at start.
    private readonly ChannelOrders orders = NextChannel.Orders(kinds);

    /// <summary>
    /// Takes up to <paramref name="limit"/> due messages of a channel under a lease. Kinds come in random order and none
    /// gets more than half of a claim, so a bulk of one kind never stands before another.
    /// </summary>
    public async Task<IReadOnlyList<Claim>> ClaimAsync(string channel, int limit, CancellationToken cancellationToken)
    {
        // now() and not clock_timestamp(): a volatile function could not bound the scan of outbox_due.
        await using var command = dataSource.CreateCommand("""
            WITH due AS MATERIALIZED (
                SELECT m.id
                FROM unnest($1) AS k (kind) CROSS JOIN LATERAL (
                    SELECT id FROM reminders.outbox
                    WHERE channel = $2 AND kind = k.kind AND state IN ('pending', 'retry') AND due_at <= now()
                    ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) m
                WHERE NOT EXISTS (SELECT FROM reminders.channel WHERE name = $2 AND paused_until > now())
                LIMIT $4)
            UPDATE reminders.outbox m
            SET state = 'sending', lease_token = m.lease_token + 1, lease_until = clock_timestamp() + $5, leased_by = $6,
                claimed_at = clock_timestamp(), send_started_at = NULL
            FROM due WHERE m.id = due.id
            RETURNING m.id, m.lease_token
            """);
        var names = kinds.Kinds.Keys.ToArray();
        Random.Shared.Shuffle(names);
        command.Parameters.Add(new() { Value = names });
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = Math.Max(1, names.Length == 1 ? limit : limit / 2) });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = options.ClaimLease });
        command.Parameters.Add(new() { Value = node.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claims = new List<Claim>(limit);
        while (await reader.ReadAsync(cancellationToken))
            claims.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
        claims.Sort((a, b) => a.Id.CompareTo(b.Id));
        return claims;
    }

    /// <summary>How long until the next message of the channel may be claimed; null when none waits.</summary>
    public async Task<TimeSpan?> NextDueAsync(string channel, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            SELECT greatest(min(m.due_at), (SELECT paused_until FROM reminders.channel WHERE name = $2)) - clock_timestamp()
            FROM unnest($1) AS k (kind) CROSS JOIN LATERAL (
                SELECT due_at FROM reminders.outbox
                WHERE channel = $2 AND kind = k.kind AND state IN ('pending', 'retry')
                ORDER BY due_at, id LIMIT 1) m
            """);
        command.Parameters.Add(new() { Value = kinds.Kinds.Keys.ToArray() });
        command.Parameters.Add(new() { Value = channel });
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }

    /// <summary>
    /// One commit that ends the last window and opens the next: settles <paramref name="settlements"/>, then starts
    /// <paramref name="claims"/>. Safe to repeat with the same arguments when its outcome is unknown.
    /// </summary>
    /// <param name="late">How much of the channel's limit this node has used up by sending later than the limit had it.</param>
    public async Task<Exchange> ExchangeAsync(
        string channel, IReadOnlyList<Settlement> settlements, IReadOnlyList<Claim> claims, CancellationToken cancellationToken,
        TimeSpan late = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        if (settlements.Count > 0)
        {
            batch.BatchCommands.Add(SettleStatement.Create(dataSource.Names, settlements, orders));
            foreach (var trouble in TroubleStatements.For(dataSource.Names, channel, settlements))
                batch.BatchCommands.Add(trouble);
        }
        if (claims.Count > 0)
        {
            var limits = options.LimitsOf(channel);
            if (limits.AreSet)
                batch.BatchCommands.Add(StartStatement.EnsureChannel(dataSource.Names, channel));
            batch.BatchCommands.Add(StartStatement.Create(dataSource.Names, channel, claims, orders, limits, options.SendLease, late));
        }

        await using var reader = await dataSource.ReadDurablyAsync(batch, cancellationToken);
        var events = false;
        if (settlements.Count > 0)
        {
            await reader.ReadAsync(cancellationToken);
            events = reader.GetInt64(1) > 0;
            await reader.NextResultAsync(cancellationToken);
        }
        var exchange = claims.Count == 0
            ? new Exchange([], [], TimeSpan.Zero, false)
            : await StartStatement.ReadAsync(reader, cancellationToken);
        // To the very end: the server commits, and could still fail to, after the last row.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
        return exchange with { Events = exchange.Events || events };
    }

    /// <summary>Another instant of a channel with a limit, for a message that missed the one it had been given.</summary>
    /// <returns>The instant, and the database's time.</returns>
    public async Task<(DateTimeOffset Instant, DateTimeOffset Now)> AnotherInstantAsync(string channel, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            UPDATE reminders.channel SET next_slot = greatest(next_slot, clock_timestamp()) + interval '1 second' / $2
            WHERE name = $1
            RETURNING next_slot - interval '1 second' / $2, clock_timestamp()
            """).With(channel, options.LimitsOf(channel).PerSecond);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>Gives back what was claimed and never started: a node that stops leaves nothing to wait for.</summary>
    public async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            UPDATE reminders.outbox m
            SET state = 'pending', lease_until = NULL, send_started_at = NULL
            FROM unnest($1, $2) AS k (id, token)
            WHERE m.id = k.id AND m.lease_token = k.token AND m.state = 'sending' AND m.leased_by = $3
            """);
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Id).ToArray() });
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Token).ToArray() });
        command.Parameters.Add(new() { Value = node.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
