using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Goes through decisions over many messages, a few at a time, on whichever node gets to it: each step is a commit of its own, and the
/// rows say how far it is.
/// </summary>
internal sealed class BulkRunner(
    IServiceScopeFactory scopes,
    Database database,
    Signals signals,
    LoopWatch loops,
    Outages outages,
    TimeProvider time
) : BackgroundService
{
    // Their subjects are locked until the step commits: an approval may have to wait for one.
    internal const int AtOnce = 20;

    // Whoever decides says so to every node. Whoever misses it looks again.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly LoopWatch.Pulse _pulse = loops.Add("decide over many", TimeSpan.FromMinutes(1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAllAsync(stoppingToken);
                outages.Works("Deciding over many messages");
                _pulse.Beat();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed("Deciding over many messages", exception);
            }

            await signals.Bulk.WaitAsync(Every, time, stoppingToken);
        }
    }

    private async Task RunAllAsync(CancellationToken stoppingToken)
    {
        await using var open = database.CreateCommand(
            "SELECT ARRAY(SELECT id FROM reminders.bulk_action WHERE ended_at IS NULL ORDER BY id)"
        );
        foreach (var id in (long[])(await open.ExecuteScalarAsync(stoppingToken))!)
        {
            while (await StepAsync(id, stoppingToken))
            {
                _pulse.Beat();
            }
        }
    }

    /// <returns>Whether to go on with it.</returns>
    private async Task<bool> StepAsync(long id, CancellationToken stoppingToken)
    {
        try
        {
            return GoesOn(await SendAsync(new StepBulk(id, AtOnce), stoppingToken));
        }
        catch (Exception exception) when (Faults.Answer(exception) is not null && !Faults.IsOutage(exception))
        {
            // Refused together: one of them alone is.
            for (var one = 0; one < AtOnce; one++)
            {
                if (!await StepAloneAsync(id, stoppingToken))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private async Task<bool> StepAloneAsync(long id, CancellationToken stoppingToken)
    {
        try
        {
            return GoesOn(await SendAsync(new StepBulk(id, 1), stoppingToken));
        }
        catch (Exception exception) when (Faults.Answer(exception) is { } refusal && !Faults.IsOutage(exception))
        {
            var why = Reasons.Of("refused_by_database", refusal.SqlState, OutsideText.Clean(refusal.MessageText));
            return GoesOn(await SendAsync(new PassOverInBulk(id, why), stoppingToken));
        }
    }

    private static bool GoesOn(Outcome<BulkStep> outcome) => outcome is Outcome<BulkStep>.Done { Value: { Decided: > 0, Ended: false } };

    private async Task<Outcome<BulkStep>> SendAsync(ICommand<Outcome<BulkStep>> command, CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, stoppingToken);
    }
}
