using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox;

/// <summary>
/// An exchange that the database refused, again in parts: one row that it will not take may not keep the others from being
/// settled and started in the same turn (rules 12 and 18). See README.md, "What the database refuses".
/// </summary>
internal sealed partial class OneByOne(
    Database dataSource,
    OutboxStore store,
    OutboxOptions options,
    PutAsides asides,
    ILogger<OneByOne> logger
)
{
    // Neither is left alone: the first has been written with less, and the second is tried again. They are shown all the same.
    private readonly PutAside _unsettled = asides.Of("settle");
    private readonly PutAside _unstarted = asides.Of("start");

    /// <returns>Whether events were written that have to be planned.</returns>
    public async Task<bool> SettleAsync(string channel, IReadOnlyList<Settlement> settlements)
    {
        var events = false;
        await Isolation.EachAsync(
            settlements,
            async some => events |= (await store.SettleAndStartAsync(channel, some, [], CancellationToken.None)).Events,
            async (one, refusal) =>
            {
                _unsettled.Add(one.Message.Claim.Id, refusal);
                LogSettlement(one.Message.Claim.Id, one.Outcome, refusal.SqlState, OutsideText.Clean(refusal.MessageText));
                var reduced = Reduced(one, refusal);
                await Isolation.EachAsync(
                    [reduced],
                    async some => events |= (await store.SettleAndStartAsync(channel, some, [], CancellationToken.None)).Events,
                    (_, _) => SettleBarelyAsync(reduced)
                );
            }
        );
        return events;
    }

    /// <summary>
    /// What started is only to be sent if this returns: when the database goes away in between, the same claims are exchanged
    /// again, and the tokens say that they are this node's.
    /// </summary>
    public async Task<SettledAndStarted> StartAsync(string channel, IReadOnlyList<Claim> claims)
    {
        var whole = new SettledAndStarted([], [], TimeSpan.Zero, Events: false);
        await Isolation.EachAsync(
            claims,
            async some =>
            {
                var part = await store.SettleAndStartAsync(channel, [], some, CancellationToken.None);
                whole = new(
                    [.. whole.Started, .. part.Started],
                    [.. whole.Waiting, .. part.Waiting],
                    part.Waiting.Count > 0 ? part.Wait : whole.Wait,
                    whole.Events || part.Events
                );
            },
            async (claim, refusal) =>
            {
                _unstarted.Add(claim.Id, refusal);
                LogStart(claim.Id, refusal.SqlState, OutsideText.Clean(refusal.MessageText));
                whole = whole with { Events = await PostponeAsync(claim, refusal) || whole.Events };
            }
        );
        return whole;
    }

    /// <summary>The state is what counts: the words, the id and what was learnt besides may be what is refused.</summary>
    private Settlement Reduced(Settlement whole, PostgresException refusal)
    {
        var failures = whole.Message.Attempts + 1;
        var used = whole.State == MessageState.Retry && failures >= options.MaxAttempts;
        return new(
            whole.Message,
            used ? MessageState.Dead : whole.State,
            whole.Outcome,
            Reasons.Of("detail_lost", refusal.SqlState),
            Delay: whole.Delay > TimeSpan.Zero ? whole.Delay : RetryPolicy.Delay(failures, options, random: 0.5),
            Spent: 1,
            Resend: whole.Resend
        );
    }

    /// <summary>Without the attempt, the edit, the event: one of those may be in the way. If not even this, its lease runs out and it is a
    /// doubt.</summary>
    private async Task SettleBarelyAsync(Settlement settlement)
    {
        await using var command = dataSource
            .CreateCommand(Statement.Named("Outbox/Sql/settle-barely.sql"))
            .With(
                settlement.Message.Claim.Id,
                settlement.Message.Claim.Token,
                settlement.State.ToColumn(),
                settlement.Detail,
                settlement.Spent,
                settlement.Delay,
                settlement.Message.RowToken
            );
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            LogUnsettled(settlement.Message.Claim.Id, settlement.Outcome, refusal.SqlState, OutsideText.Clean(refusal.MessageText));
        }
    }

    /// <summary>A message that cannot be started, whatever the last look at it chokes on, has not left the node: a failed try.</summary>
    /// <returns>Whether an event was written.</returns>
    private async Task<bool> PostponeAsync(Claim claim, PostgresException refusal)
    {
        await using var command = dataSource
            .CreateCommand(Statement.Named("Outbox/Sql/postpone.sql"))
            .With(
                claim.Id,
                claim.Token,
                Reasons.Of("cannot_start", refusal.SqlState, OutsideText.Clean(refusal.MessageText)),
                options.MaxAttempts,
                options.RetryBase,
                options.RetryCap
            );
        try
        {
            return await command.ExecuteScalarAsync() is true;
        }
        catch (PostgresException again) when (Isolation.IsRefusal(again))
        {
            return false; // said already; its lease runs out
        }
    }

    [LoggerMessage(
        3006,
        LogLevel.Error,
        "The outcome of message {MessageId} ({Outcome}) is refused by the database ({SqlState} {Reason}) and is written without its detail"
    )]
    private partial void LogSettlement(long messageId, string outcome, string sqlState, string reason);

    [LoggerMessage(
        3007,
        LogLevel.Error,
        "The outcome of message {MessageId} ({Outcome}) cannot be written at all ({SqlState} {Reason}); its lease makes it a doubt"
    )]
    private partial void LogUnsettled(long messageId, string outcome, string sqlState, string reason);

    [LoggerMessage(3008, LogLevel.Error, "Message {MessageId} cannot be started ({SqlState} {Reason}) and is tried again later")]
    private partial void LogStart(long messageId, string sqlState, string reason);
}
