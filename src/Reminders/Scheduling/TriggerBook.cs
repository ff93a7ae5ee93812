using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Quartz;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>
/// Sees to it that Quartz holds a trigger for each (kind, due second). Commands hand their instants over after their
/// commit and go on: nobody waits in Quartz's cluster-wide lock (rule 15), and what a crash loses here the reconciler
/// finds missing.
/// </summary>
internal sealed class TriggerBook(
    ISchedulerFactory schedulers,
    KindCatalog kinds,
    ClockWatch clock,
    LoopWatch loops,
    Outages outages,
    TimeProvider time
) : BackgroundService
{
    private const string What = "Storing triggers";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly Channel<DueInstant> _asked = Channel.CreateUnbounded<DueInstant>(new() { SingleReader = true });

    /// <summary>Asks for a trigger; returns at once.</summary>
    public void Ask(IEnumerable<DueInstant> instants)
    {
        foreach (var instant in instants)
        {
            _asked.Writer.TryWrite(instant);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<DueInstant>();
        var jobsAreThere = false;
        var pulse = loops.Add("store triggers", TimeSpan.FromMinutes(1));
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await AskedAsync(stoppingToken))
            {
                pulse.Beat();
                continue;
            }
            while (batch.Count < 200 && _asked.Reader.TryRead(out var instant))
            {
                batch.Add(instant);
            }

            try
            {
                // On a fresh database the first approval may come before the reconciler's first look.
                if (!jobsAreThere)
                {
                    await EnsureJobsAsync(stoppingToken);
                }

                jobsAreThere = true;
                await EnsureAsync(batch, stoppingToken);
                pulse.Beat();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                outages.Failed(What, exception); // the reconciler will store them
            }
            batch.Clear();
        }
    }

    /// <returns>False when nobody asked for a while.</returns>
    private async Task<bool> AskedAsync(CancellationToken stoppingToken)
    {
        using var idle = new CancellationTokenSource(Idle, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stoppingToken);
        try
        {
            return await _asked.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Stores the triggers that are missing. Repeating it changes nothing: the key is the instant.</summary>
    public async Task EnsureAsync(IReadOnlyList<DueInstant> instants, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var failed = false;
        foreach (var instant in instants)
        {
            try
            {
                await scheduler.ScheduleTrigger(TriggerFor(instant), TriggerConflict.Keep, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !Faults.IsOutage(exception))
            {
                // The others have theirs all the same; what is due without one is fired by the reconciler.
                failed = true;
                outages.Failed(What, exception);
            }
        }
        if (!failed)
        {
            outages.Works(What);
        }
    }

    /// <summary>Stores the durable job of each declared kind. Any node may, at any time.</summary>
    public async Task EnsureJobsAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var there = await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(FireDueJob.Group), cancellationToken);
        foreach (var kind in kinds.Kinds.Keys.Where(kind => !there.Contains(new JobKey(kind, FireDueJob.Group))))
        {
            // Recovery: a node killed while firing leaves the rest of its batch to a second run on another node.
            var job = JobBuilder
                .Create()
                .OfType(new JobType(FireDueJob.StoredName))
                .WithIdentity(new JobKey(kind, FireDueJob.Group))
                .StoreDurably()
                .RequestRecovery()
                .Build();
            await scheduler.AddJob(job, new AddJobOptions { Replace = true }, cancellationToken);
        }
    }

    /// <summary>The trigger's name, as quartz-schema/engine-views.sql and the reconciler's anti-join spell it too.</summary>
    public static string TriggerName(DueInstant instant) => $"{instant.Kind}@{instant.DueSecond.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z";

    private ITrigger TriggerFor(DueInstant instant)
    {
        // A trigger stored past its time waits for the misfire pass; from now on it fires at once.
        // Now as the database has it: on a node that is ahead, a trigger of this minute would fire half a minute late elsewhere.
        var now = time.GetUtcNow() - clock.Skew;
        return TriggerBuilder
            .Create(time)
            .WithIdentity(TriggerName(instant), FireDueJob.Group)
            .ForJob(new JobKey(instant.Kind, FireDueJob.Group))
            .StartAt(instant.DueSecond > now ? instant.DueSecond : now)
            // By name: the "next with…" instructions lose a one-shot trigger that misfires.
            .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
            // A one-shot trigger whose job threw is otherwise finished: a database restart would lose it.
            .WithRetryPolicy(RetryPolicy.Exponential(5, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30), 0.2))
            .Build();
    }
}
