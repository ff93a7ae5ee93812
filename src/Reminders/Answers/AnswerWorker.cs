using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels.Telegram;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>
/// Works off what came in, on every node, in a few lanes. An update that keeps failing is put aside after some tries and
/// never holds up the others (rule 12).
/// </summary>
internal sealed partial class AnswerWorker(
    IServiceScopeFactory scopes, Database dataSource, ITelegramClient telegram, Signals signals, TimeProvider time,
    ILogger<AnswerWorker> logger) : BackgroundService
{
    private const int Lanes = 2;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => LaneAsync(stoppingToken)));

    private async Task LaneAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await HandleOneAsync(stoppingToken))
                    signals.Inbound.Set(); // the other lanes may find more
                else
                    await signals.Inbound.WaitAsync(Poll, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                LogInterrupted(exception.Message);
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> HandleOneAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var handled = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new HandleNextUpdate(), cancellationToken);
            if (handled is null)
                return false;
            if (handled is { CallbackId: { } callback, Text: var text })
            {
                // Committed already; this only stops the button's spinner, and Telegram forgets the press within seconds.
                await telegram.AnswerCallbackQueryAsync(new(callback, text), cancellationToken);
            }
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !IsOutage(exception)
            && scope.ServiceProvider.GetRequiredService<UpdateInHand>().Key is { } key)
        {
            LogFailed(exception, key.ProviderId);
            await PutAsideAsync(key, exception.Message, cancellationToken);
            return true;
        }
    }

    /// <summary>The database's trouble, not the update's: it waits, and no try is spent on it. EF Core wraps what Npgsql threw.</summary>
    private static bool IsOutage(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } || exception.InnerException is { } inner && IsOutage(inner);

    private async Task PutAsideAsync((string Source, string ProviderId) key, string problem, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            UPDATE reminders.inbound_update
            SET attempts = attempts + 1, due_at = now() + interval '1 second' * power(2, attempts), effect = $3,
                state = CASE WHEN attempts + 1 >= $4 THEN 'failed' ELSE state END
            WHERE source = $1 AND provider_id = $2 AND state = 'received'
            """).With(key.Source, key.ProviderId, $"failed: {problem}", MaxAttempts);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(4001, LogLevel.Warning, "Handling updates was interrupted and goes on: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(4002, LogLevel.Error, "Update {ProviderId} could not be handled and is put aside")]
    private partial void LogFailed(Exception exception, string providerId);
}
