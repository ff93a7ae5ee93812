using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Failover;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox;

/// <summary>The dispatcher's statements: claim, start and settle. Set-based, one round trip and one commit each.</summary>
internal sealed partial class OutboxStore(
    Database dataSource,
    KindCatalog kinds,
    OutboxOptions options,
    NodeName node,
    PutAsides asides,
    FailoverGuard guard,
    ILogger<OutboxStore> logger
)
{
    private readonly PutAside _putAside = asides.Of("claim");

    // Once: every exchange needs them, and kinds are declared at start.
    private readonly ChannelOrders _orders = NextChannel.Orders(kinds);

    private static readonly string ClaimAll = Statement.Named("Outbox/Sql/claim.sql");
    private static readonly string ClaimAmong = Statement.Named("Outbox/Sql/claim.sql", "among");

    /// <summary>
    /// Takes up to <paramref name="limit"/> due messages of a channel under a lease. Kinds come in random order and none
    /// gets more than half of a claim, so a bulk of one kind never stands before another.
    /// </summary>
    public async Task<IReadOnlyList<Claim>> ClaimAsync(string channel, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<Claim> claims = [];
        await _putAside.AroundAsync(
            async some => claims = [.. claims, .. await ClaimAsync(channel, limit, some, cancellationToken)],
            () => DueAsync(channel, limit, cancellationToken),
            (id, rest, refusal) => LogUnclaimable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        return claims;
    }

    /// <summary>The rows that a claim would take next.</summary>
    private async Task<long[]> DueAsync(string channel, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(Statement.Named("Outbox/Sql/claim-due.sql"))
            .With(channel, kinds.Kinds.Keys.ToArray(), _putAside.Now, limit);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(string channel, int limit, long[]? among, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await guard.PassAsync(connection, cancellationToken) is not { } pass)
        {
            return [];
        }

        await using var command = dataSource.CreateCommand(among is null ? ClaimAll : ClaimAmong, connection);
        var names = kinds.Kinds.Keys.ToArray();
        Random.Shared.Shuffle(names);
        command.Parameters.Add(new() { Value = names });
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = Math.Max(1, names.Length == 1 ? limit : limit / 2) });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = options.ClaimLease });
        command.Parameters.Add(new() { Value = node.Value });
        command.Parameters.Add(new() { Value = among ?? _putAside.Now });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claims = new List<Claim>(limit);
        while (await reader.ReadAsync(cancellationToken))
        {
            claims.Add(new(reader.GetInt64(0), reader.GetInt64(1), pass.Epoch));
        }

        claims.Sort((a, b) => a.Id.CompareTo(b.Id));
        return claims;
    }

    /// <summary>When the next message of the channel may be claimed, or is worth another look.</summary>
    /// <param name="direct">The kinds that are taken straight from the ledger.</param>
    public async Task<NextDue> NextDueAsync(string channel, IReadOnlyList<string> direct, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(Statement.Named("Outbox/Sql/next-due.sql"))
            .With(kinds.Kinds.Keys.ToArray(), channel, direct.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.IsDBNull(0) ? null : reader.GetTimeSpan(0),
            reader.IsDBNull(1) ? null : reader.GetTimeSpan(1),
            reader.GetBoolean(2),
            reader.GetFieldValue<string[]>(3)
        );
    }

    /// <summary>
    /// One commit that ends the last window and opens the next: settles <paramref name="settlements"/>, then starts
    /// <paramref name="claims"/> and what <paramref name="take"/> asks for. Safe to repeat with the same settlements and claims when its
    /// outcome is unknown; a take has a token of its own each time.
    /// </summary>
    /// <param name="late">How much of the channel's limit this node has used up by sending later than the limit had it.</param>
    /// <param name="slow">Addresses whose calls are not answered yet: nobody begins another to them meanwhile.</param>
    public async Task<SettledAndStarted> SettleAndStartAsync(
        string channel,
        IReadOnlyList<Settlement> settlements,
        IReadOnlyList<Claim> claims,
        CancellationToken cancellationToken,
        TimeSpan late = default,
        IReadOnlyCollection<string>? slow = null,
        Take? take = null
    )
    {
        var plain = settlements.Where(SettleStatement.IsPlain).ToArray();
        var others =
            plain.Length == settlements.Count ? [] : settlements.Where(settlement => !SettleStatement.IsPlain(settlement)).ToArray();
        var (exchange, sent) = await TurnAsync(channel, settlements, plain, others, claims, cancellationToken, late, slow, take);
        if (sent == plain.Length)
        {
            return exchange;
        }
        // One of them was not so plain after all: its subject has changed meanwhile, or its lease was lost. What is settled stays so.
        var (again, _) = await TurnAsync(channel, [], [], plain, [], CancellationToken.None);
        return exchange with { Events = exchange.Events || again.Events };
    }

    private async Task<(SettledAndStarted Exchange, long Sent)> TurnAsync(
        string channel,
        IReadOnlyList<Settlement> settlements,
        Settlement[] plain,
        Settlement[] others,
        IReadOnlyList<Claim> claims,
        CancellationToken cancellationToken,
        TimeSpan late = default,
        IReadOnlyCollection<string>? slow = null,
        Take? take = null
    )
    {
        var limits = options.LimitsOf(channel);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var pass = claims.Count > 0 || take is not null ? await guard.PassAsync(connection, cancellationToken) : null;
        var waiting = pass is null ? claims : [];
        (claims, take) = pass is null ? ([], null) : (claims, take);
        if (claims.Any(claim => claim.Epoch != pass!.Epoch))
        {
            // Claimed before a fail-over: whether it was started is not known, and its id may be another message's.
            batch.BatchCommands.Add(GiveBack([.. claims.Where(claim => claim.Epoch != pass!.Epoch)]));
            claims = [.. claims.Where(claim => claim.Epoch == pass!.Epoch)];
        }

        var doubts = DoubtStatement.For(dataSource.Names, channel, settlements, options);
        if (doubts is not null)
        {
            batch.BatchCommands.Add(StartStatement.EnsureChannel(dataSource.Names, channel));
        }

        foreach (var address in slow ?? [])
        {
            batch.BatchCommands.Add(
                TroubleStatements.PauseRecipient(dataSource.Names, channel, address, options.SlowAfter * 2, Reasons.Of("call_open"))
            );
        }

        if (plain.Length > 0)
        {
            batch.BatchCommands.Add(SettleStatement.CreatePlain(dataSource.Names, plain));
        }

        if (others.Length > 0)
        {
            batch.BatchCommands.Add(SettleStatement.Create(dataSource.Names, others, _orders));
        }

        if (doubts is not null)
        {
            batch.BatchCommands.Add(doubts);
        }

        foreach (var trouble in TroubleStatements.For(dataSource.Names, channel, settlements, limits.PerRecipientInterval))
        {
            batch.BatchCommands.Add(trouble);
        }

        if (claims.Count > 0)
        {
            if (limits.AreSet)
            {
                batch.BatchCommands.Add(StartStatement.EnsureChannel(dataSource.Names, channel));
            }

            batch.BatchCommands.Add(
                StartStatement.Create(dataSource.Names, channel, claims, _orders, limits, options.SendLease, late, pass!)
            );
        }

        if (take is not null)
        {
            batch.BatchCommands.Add(TakeStatement.Create(dataSource.Names, channel, take, node.Value, options.SendLease, pass!));
        }

        var started = new List<StartedMessage>();
        var exchange = new SettledAndStarted(started, waiting, FailoverGuard.Between, false);
        if (batch.BatchCommands.Count == 0)
        {
            return (exchange, 0);
        }

        await using var reader = await dataSource.ReadDurablyAsync(batch, cancellationToken);
        var sent = 0L;
        if (plain.Length > 0)
        {
            await reader.ReadAsync(cancellationToken);
            sent = reader.GetInt64(0);
            await reader.NextResultAsync(cancellationToken);
        }
        var events = false;
        if (others.Length > 0)
        {
            await reader.ReadAsync(cancellationToken);
            events = reader.GetInt64(1) > 0;
            await reader.NextResultAsync(cancellationToken);
        }
        var rests = false;
        if (doubts is not null)
        {
            await reader.ReadAsync(cancellationToken);
            rests = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellationToken);
        }
        if (claims.Count > 0)
        {
            exchange = await StartStatement.ReadAsync(reader, started, pass!.Epoch, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }
        var taken = take is null ? null : await TakeStatement.ReadAsync(reader, take, started, pass!.Epoch, cancellationToken);
        // To the very end: the server commits, and could still fail to, after the last row.
        while (await reader.NextResultAsync(cancellationToken)) { }
        return (exchange with { Events = exchange.Events || events, Rests = rests, Taken = taken }, sent);
    }

    private NpgsqlBatchCommand GiveBack(Claim[] claims) =>
        dataSource
            .Names.BatchCommand(Statement.Named("Outbox/Sql/give-back.sql"))
            .With(claims.Select(claim => claim.Id).ToArray(), claims.Select(claim => claim.Token).ToArray(), node.Value);

    /// <summary>What was taken under these tokens waits like any other: nobody here has heard of it, so nobody has sent it.</summary>
    public async Task<int> TakeBackAsync(long[] tokens, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Statement.Named("Outbox/Sql/take-back.sql")).With(node.Value, tokens);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Another instant of a channel with a limit, for a message that missed the one it had been given.</summary>
    /// <returns>The instant, and the database's time.</returns>
    public async Task<(DateTimeOffset Instant, DateTimeOffset Now)> AnotherInstantAsync(string channel, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(
                """
                UPDATE reminders.channel SET next_slot = greatest(next_slot, clock_timestamp()) + interval '1 second' / $2
                WHERE name = $1
                RETURNING next_slot - interval '1 second' / $2, clock_timestamp()
                """
            )
            .With(channel, options.LimitsOf(channel).PerSecond);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>Gives back what was claimed and never started: a node that stops leaves nothing to wait for.</summary>
    public async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Statement.Named("Outbox/Sql/release.sql"));
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Id).ToArray() });
        command.Parameters.Add(new() { Value = claims.Select(claim => claim.Token).ToArray() });
        command.Parameters.Add(new() { Value = node.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(3009, LogLevel.Error, "Message {MessageId} cannot be claimed ({SqlState} {Reason}) and is left alone for {Rest}")]
    private partial void LogUnclaimable(long messageId, TimeSpan rest, string sqlState, string reason);
}

/// <summary>When a channel has something to do next.</summary>
/// <param name="Wait">Until a message of the outbox may be claimed; null when none waits.</param>
/// <param name="Planned">Until an occurrence may be taken from the ledger; null when none is planned.</param>
/// <param name="IsShut">Nothing starts just now, or one at a time.</param>
/// <param name="Paused">The kinds of which nothing starts just now.</param>
internal readonly record struct NextDue(TimeSpan? Wait, TimeSpan? Planned, bool IsShut, IReadOnlyList<string> Paused)
{
    public TimeSpan? Soonest => IsShut || Planned is null || Wait < Planned ? Wait : Planned;
}
