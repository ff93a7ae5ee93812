using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Frees what a node left behind when it died or lost its lease, on every node. What had not started is pending again;
/// a started edit is repeated, since that shows the same; a started send is a doubt, and stays one.
/// </summary>
internal sealed partial class LeaseReaper(Database dataSource, KindCatalog kinds, PutAsides asides, ILogger<LeaseReaper> logger)
{
    // Of rows of lease_end, each of which names what one statement leased.
    private const int Batch = 200;
    private static readonly string ReapAll = Statement.Named("Outbox/Sql/reap.sql");
    private static readonly string ReapAmong = Statement.Named("Outbox/Sql/reap.sql", "among");
    private static readonly string FallBackAll = Statement.Named("Outbox/Sql/fall-back.sql");
    private static readonly string FallBackAmong = Statement.Named("Outbox/Sql/fall-back.sql", "among");
    private readonly PutAside _putAside = asides.Of("end a lease");
    private readonly PutAside _waitingAside = asides.Of("end a wait");
    private readonly PutAside _shutAside = asides.Of("end a use");

    /// <returns>Whether a reminder fell into doubt, and so an event waits to be planned.</returns>
    public async Task<bool> ReapAsync(CancellationToken cancellationToken)
    {
        var events = false;
        // What had started is a doubt that somebody has to hear of, whatever is wrong with the row beside it.
        await _putAside.AroundAsync(
            async some =>
            {
                while (await ReapAsync(some) == Batch && some is null) { }
            },
            () => IdsAsync(Statement.Named("Outbox/Sql/reap-due.sql"), _putAside, cancellationToken),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        return events;

        async Task<long> ReapAsync(long[]? among)
        {
            await using var command = dataSource.CreateCommand(among is null ? ReapAll : ReapAmong);
            var resend = (
                from kind in kinds.Kinds.Values
                from channel in kind.Uncertain
                where channel.Value == UncertainPolicy.Resend
                select $"{kind.Name}/{channel.Key}"
            ).ToArray();
            command.Parameters.Add(new() { Value = resend });
            command.Parameters.Add(new() { Value = Batch });
            command.Parameters.Add(new() { Value = among ?? _putAside.Now });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            events |= reader.GetInt64(1) > 0;
            return reader.GetInt64(0);
        }
    }

    private async Task<long[]> IdsAsync(string sql, PutAside leftAlone, CancellationToken cancellationToken, params object[] more)
    {
        await using var command = dataSource.CreateCommand(sql).With([leftAlone.Now, .. more]);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Doubts that nobody settled while the message was of use end as dead (the state table's last line).</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await _putAside.AroundAsync(
            some => ExpireAsync("Outbox/Sql/expire-held.sql", some, _putAside, cancellationToken),
            () =>
                IdsAsync(
                    "SELECT ARRAY(SELECT id FROM reminders.outbox WHERE queue = 'held' AND useful_until <= now() AND id <> ALL ($1))",
                    _putAside,
                    cancellationToken
                ),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        await _waitingAside.AroundAsync(
            some => ExpireAsync("Outbox/Sql/expire-waiting.sql", some, _waitingAside, cancellationToken),
            () =>
                IdsAsync(
                    "SELECT ARRAY(SELECT id FROM reminders.occurrence WHERE state = 'waiting' AND useful_until <= now() AND "
                        + "id <> ALL ($1))",
                    _waitingAside,
                    cancellationToken
                ),
            (id, rest, refusal) => LogUnskippable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        // Nobody claims from a channel that is shut, or of a kind that is paused, so nobody would say that these will not be told any more.
        await _shutAside.AroundAsync(
            some => ExpireAsync("Outbox/Sql/expire-shut.sql", some, _shutAside, cancellationToken, Kinds, Channels),
            () => IdsAsync(Statement.Named("Outbox/Sql/shut-due.sql"), _shutAside, cancellationToken, Kinds, Channels),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
    }

    private string[] Kinds => [.. kinds.Kinds.Keys];

    private string[] Channels => [.. kinds.Kinds.Values.SelectMany(kind => kind.Channels).Distinct()];

    private async Task ExpireAsync(
        string statement,
        long[]? among,
        PutAside leftAlone,
        CancellationToken cancellationToken,
        params object[] more
    )
    {
        await using var command = dataSource
            .CreateCommand(among is null ? Statement.Named(statement) : Statement.Named(statement, "among"))
            .With([among ?? leftAlone.Now, .. more]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// A reminder held in doubt, unanswered for as long as its kind allows and still wanted, goes once more over the next
    /// channel that reaches the recipient. Once: that message has an identity of its own. The held one stays held.
    /// </summary>
    /// <returns>How many messages were written.</returns>
    public async Task<int> FallBackAsync(CancellationToken cancellationToken)
    {
        var impatient = kinds.Kinds.Values.Where(kind => kind.FallBackAfter is not null).ToArray();
        if (impatient.Length == 0)
        {
            return 0;
        }

        var written = 0;
        await _putAside.AroundAsync(
            async some => written += await FallBackAsync(impatient, some, cancellationToken),
            () =>
                IdsAsync(
                    "SELECT ARRAY(SELECT id FROM reminders.outbox WHERE queue = 'held' AND useful_until > now() AND id <> ALL ($1))",
                    _putAside,
                    cancellationToken
                ),
            (id, rest, refusal) => LogUnfreeable(id, rest, refusal.SqlState, OutsideText.Clean(refusal.MessageText))
        );
        return written;
    }

    private async Task<int> FallBackAsync(KindDefinition[] impatient, long[]? among, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(among is null ? FallBackAll : FallBackAmong);
        command.Parameters.Add(new() { Value = impatient.Select(kind => kind.Name).ToArray() });
        command.Parameters.Add(new() { Value = impatient.Select(kind => string.Join(',', kind.Channels)).ToArray() });
        command.Parameters.Add(new() { Value = impatient.Select(kind => kind.FallBackAfter!.Value).ToArray() });
        command.Parameters.Add(new() { Value = among ?? _putAside.Now });
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(
        3010,
        LogLevel.Error,
        "Message {MessageId} cannot be taken from where its node left it ({SqlState} {Reason}) and is left alone for {Rest}"
    )]
    private partial void LogUnfreeable(long messageId, TimeSpan rest, string sqlState, string reason);

    [LoggerMessage(
        3011,
        LogLevel.Error,
        "Occurrence {OccurrenceId} waits past its use and cannot be skipped ({SqlState} {Reason}); it is left alone for {Rest}"
    )]
    private partial void LogUnskippable(long occurrenceId, TimeSpan rest, string sqlState, string reason);
}
