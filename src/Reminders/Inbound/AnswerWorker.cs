using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// Works off what came in, on every node, in a few lanes. An update that keeps failing is put aside after some tries and
/// never holds up the others (rule 12).
/// </summary>
internal sealed partial class AnswerWorker(
    IServiceScopeFactory scopes,
    Database dataSource,
    OutboxOptions options,
    Signals signals,
    LoopWatch loops,
    PutAsides asides,
    Outages outages,
    TimeProvider time,
    ILogger<AnswerWorker> logger
) : BackgroundService
{
    private const string What = "Handling updates";
    private const int Lanes = 2;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // The other lanes' own: where there is more than one lane can do, the first tells them.
    private static readonly TimeSpan SparePoll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly PutAside _putAside = asides.Of("answer");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            Enumerable
                .Range(1, Lanes)
                .Select(lane =>
                    LaneAsync(loops.Add($"answer, lane {lane}", Longest + options.SendLease), lane == 1 ? Poll : SparePoll, stoppingToken)
                )
        );

    private async Task LaneAsync(LoopWatch.Pulse pulse, TimeSpan poll, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var found = await HandleOneAsync(stoppingToken);
                pulse.Beat();
                outages.Works(What);
                if (found)
                {
                    signals.Inbound.Set(); // the other lanes may find more
                }
                else
                {
                    await signals.Inbound.WaitAsync(poll, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
                await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> HandleOneAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var handled = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new HandleNextUpdate(_putAside.Now), cancellationToken);
            if (handled is null)
            {
                return false;
            }

            if (handled.Acknowledge is { } acknowledge)
            {
                await acknowledge(cancellationToken);
            }

            return true;
        }
        // The database's trouble is not the update's, nor is a lost race: it waits, and no try is spent on it.
        catch (Exception exception)
            when (Faults.Of(exception) is Fault.None or Fault.Refusal
                && scope.ServiceProvider.GetRequiredService<UpdateInHand>().Key is { } key
            )
        {
            LogFailed(exception, key.ProviderId);
            await PutAsideAsync(key, exception.Message, cancellationToken);
            return true;
        }
    }

    private async Task PutAsideAsync(UpdateKey key, string problem, CancellationToken cancellationToken)
    {
        await using var command = dataSource
            .CreateCommand(
                """
                UPDATE reminders.inbound_update
                SET attempts = attempts + 1, due_at = now() + interval '1 second' * power(2, attempts), effect = $3,
                    state = CASE WHEN attempts + 1 >= $4 THEN 'failed' ELSE state END
                WHERE seq = $1 AND source = $2 AND state = 'received'
                """
            )
            .With(key.Seq, key.Source, $"failed: {OutsideText.Clean(problem)}", MaxAttempts);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refusal) when (Isolation.IsRefusal(refusal))
        {
            // Its row takes no note of it either. The oldest comes first, so it would come again at once, and before all others.
            LogUnwritable(key.ProviderId, _putAside.Add(key.Seq, refusal), OutsideText.Clean(refusal.MessageText));
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "Update {ProviderId} could not even be put aside ({Reason}): it is left alone for {Rest}")]
    private partial void LogUnwritable(string providerId, TimeSpan rest, string reason);

    [LoggerMessage(4002, LogLevel.Error, "Update {ProviderId} could not be handled and is put aside")]
    private partial void LogFailed(Exception exception, string providerId);
}
