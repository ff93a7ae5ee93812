using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// What makes Quartz's tables expendable (rule 1): a loop on every node, not a Quartz job, that fires what no trigger
/// fired, plans what happened to reminders, frees lost leases and puts missing jobs and triggers back. Every step is safe
/// to run on all nodes at once. Triggers have a loop of their own: storing one waits in Quartz's cluster-wide lock, which a
/// frozen node can hold for as long as it is frozen, and nothing due may wait for that (rule 15).
/// </summary>
internal sealed partial class Reconciler(
    Database dataSource,
    Firing firing,
    TriggerBook triggers,
    EventPlanner events,
    LeaseReaper leases,
    Signals signals,
    ClockWatch clock,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<Reconciler> logger
) : BackgroundService
{
    // Also the rest after a failure: the first message after an outage may wait for one.
    internal static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    // What Quartz is given before the reconciler takes over; its own firing takes milliseconds when it is well.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TriggerCheck = TimeSpan.FromSeconds(5);

    // For what hardly ever happens and what nobody waits for: asked each turn, it would be half of what an idle node asks.
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(5);

    private readonly LoopWatch.Pulse _reconciling = loops.Add("reconcile", TimeSpan.FromSeconds(30));

    // Storing a trigger may wait for Quartz's cluster-wide lock, which a frozen node loses after 10 s.
    private readonly LoopWatch.Pulse _triggering = loops.Add("keep triggers", TimeSpan.FromMinutes(1));

    private long? _unhurried;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(TurnAsync(ReconcileAsync, stoppingToken), TurnAsync(KeepTriggersAsync, stoppingToken));

    private async Task ReconcileAsync(CancellationToken stoppingToken)
    {
        // Each by itself: what one cannot do, whatever the reason, the others need not wait for.
        var all = await StepAsync("Planning for events", PlanAsync, stoppingToken);
        // While the clocks are too far apart for Quartz, nobody is waited for: what is due is the database's to say.
        all &= await StepAsync(
            "Firing what is overdue",
            stop => firing.FireOverdueAsync(clock.Halted ? TimeSpan.Zero : Grace, stop),
            stoppingToken
        );
        all &= await StepAsync("Freeing lost leases", ReapAsync, stoppingToken);
        all &= await StepAsync("Falling back from doubts", leases.FallBackAsync, stoppingToken);
        if (_unhurried is not { } last || time.GetElapsedTime(last) >= Unhurried)
        {
            all &= await StepAsync("Resuming what waited for an address", firing.ResumeReachedAsync, stoppingToken);
            all &= await StepAsync("Ending doubts past their use", leases.ExpireAsync, stoppingToken);
            _unhurried = time.GetTimestamp();
        }

        if (!all)
        {
            await Task.Delay(Turn, time, stoppingToken);
            return;
        }
        _reconciling.Beat();
        await signals.Due.WaitAsync(Turn, time, stoppingToken);
    }

    private async Task PlanAsync(CancellationToken stoppingToken)
    {
        while (await events.PlanAsync(stoppingToken))
        {
            _reconciling.Beat();
        }
    }

    private async Task ReapAsync(CancellationToken stoppingToken)
    {
        if (await leases.ReapAsync(stoppingToken))
        {
            signals.Due.Set();
        }
    }

    /// <returns>Whether it was done.</returns>
    private async Task<bool> StepAsync(string what, Func<CancellationToken, Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step(stoppingToken);
            outages.Works(what);
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested && !Faults.IsOutage(exception))
        {
            outages.Failed(what, exception);
            return false;
        }
    }

    private async Task KeepTriggersAsync(CancellationToken stoppingToken)
    {
        if (await StepAsync("Putting triggers back", RestoreTriggersAsync, stoppingToken))
        {
            _triggering.Beat();
        }

        await Task.Delay(TriggerCheck, time, stoppingToken);
    }

    private async Task TurnAsync(Func<CancellationToken, Task> turn, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await turn(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed("Reconciling", exception);
                await Task.Delay(Turn, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RestoreTriggersAsync(CancellationToken cancellationToken)
    {
        await triggers.EnsureJobsAsync(cancellationToken);
        var missing = new List<DueInstant>();
        await using (
            var command = dataSource.CreateCommand(Statement.Named("Scheduling/Sql/missing-triggers.sql")).With(dataSource.Names.Engine)
        )
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                missing.Add(new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
            }
        }
        if (missing.Count > 0)
        {
            await triggers.EnsureAsync(missing, cancellationToken);
            LogRestored(missing.Count);
        }
        await using var purge = dataSource.CreateCommand("DELETE FROM reminders.instant WHERE due_second < now() - interval '1 hour'");
        await purge.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(2004, LogLevel.Information, "Put {Count} missing triggers back")]
    private partial void LogRestored(int count);
}
