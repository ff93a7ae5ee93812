using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Scheduling;

namespace Reminders.Subjects;

/// <summary>
/// What every command does after it changed (or locked) a subject, in its transaction: bring what was planned or sent in
/// line with it, and plan what its new status calls for. After the commit the triggers are asked for and loops are woken.
/// </summary>
internal sealed partial class SubjectChanges(
    CommandTransaction db,
    Planner planner,
    TriggerBook triggers,
    Signals signals,
    AfterCommit afterCommit,
    ChannelCatalog channels,
    SuppressionMetrics metrics,
    ILogger<SubjectChanges> logger
)
{
    /// <param name="on">The status that was reached, or asked for again; null when there is nothing to plan.</param>
    /// <param name="by">Who changed it, for the ledger.</param>
    public async Task<PlanResult> ApplyAsync(long subjectId, string? on, string by, CancellationToken cancellationToken)
    {
        await SubjectFence.ApplyAsync(db, subjectId, by, channels.Editable, cancellationToken);
        var plan = on is null
            ? new PlanResult(0, 0, [], [])
            : await planner.PlanAsync(db.Connection, [subjectId], on, by, cancellationToken);
        FollowUp(plan);
        return plan;
    }

    /// <summary>Plans many subjects in one go, none of which took anything back: there is nothing to fence off.</summary>
    public async Task<PlanResult> PlanAsync(long[] subjectIds, string on, string by, CancellationToken cancellationToken)
    {
        var plan = await planner.PlanAsync(db.Connection, subjectIds, on, by, cancellationToken);
        await using var tell = db.Command(SubjectFence.TellViewers);
        await tell.ExecuteNonQueryAsync(cancellationToken);
        FollowUp(plan);
        return plan;
    }

    /// <summary>After the commit: asks for the triggers of what was planned, and wakes the loops.</summary>
    public void FollowUp(PlanResult plan) =>
        afterCommit.Add(_ =>
        {
            if (plan.Planned + plan.Suppressed > 0)
            {
                LogPlanned(plan.Planned, plan.Suppressed);
            }

            foreach (var (kind, rule, count) in plan.SuppressedKinds)
            {
                metrics.Add(kind, rule, count);
            }

            triggers.Ask(plan.FirstInstants);
            if (plan.DueNow.Count > 0)
            {
                signals.Due.Set();
            }

            signals.OutboxWritten();
            return Task.CompletedTask;
        });

    /// <summary>After the commit: something may be due that waited until now.</summary>
    public void WakeDue() =>
        afterCommit.Add(_ =>
        {
            signals.Due.Set();
            return Task.CompletedTask;
        });

    [LoggerMessage(2101, LogLevel.Information, "Planned {Planned} new occurrences; {Suppressed} were planned or told before")]
    private partial void LogPlanned(int planned, int suppressed);
}
