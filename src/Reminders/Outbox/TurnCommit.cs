using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>Commits the turns of a channel's window.</summary>
internal sealed partial class TurnCommit(string channel, OutboxStore store, OneByOne oneByOne, ILogger logger)
{
    /// <summary>All of it in one commit. Should the database refuse something in it, then in as many as it takes to leave that
    /// out.</summary>
    public async Task<EndedTurn> CommitAsync(Turn turn)
    {
        try
        {
            var exchange = await store.SettleAndStartAsync(
                channel,
                turn.Settlements,
                turn.Claims,
                CancellationToken.None,
                turn.Late,
                turn.Slow,
                turn.Take
            );
            return new(turn, exchange);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            var events = await oneByOne.SettleAsync(channel, turn.Settlements);
            var exchange = await oneByOne.StartAsync(channel, turn.Claims);
            var taken = turn.Take is null ? null : await TakeAsync(turn.Take);
            var whole = exchange with
            {
                Started = [.. exchange.Started, .. taken?.Started ?? []],
                Events = exchange.Events || events,
                Taken = taken?.Taken,
            };
            return new(turn, whole, TakeRefused: turn.Take is not null && taken is null);
        }
    }

    private async Task<SettledAndStarted?> TakeAsync(Take take)
    {
        try
        {
            return await store.SettleAndStartAsync(channel, [], [], CancellationToken.None, take: take);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            LogTakeRefused(channel, refusal.SqlState, OutsideText.Clean(refusal.MessageText));
            return null;
        }
    }

    [LoggerMessage(
        3012,
        LogLevel.Error,
        "Something that is due over {Channel} cannot be started ({SqlState} {Reason}); what is due is fired one by one meanwhile"
    )]
    private partial void LogTakeRefused(string channel, string sqlState, string reason);
}
