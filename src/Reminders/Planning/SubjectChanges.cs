using Reminders.Outbox;
using Reminders.Scheduling;
using Reminders.Storage;

namespace Reminders.Planning;

/// <summary>
/// What every command does after it changed (or locked) a subject, in its transaction: bring what was planned or sent in
/// line with it, and plan what its new status calls for. After the commit the triggers are asked for and loops are woken.
/// </summary>
internal sealed class SubjectChanges(RemindersDb db, Planner planner, TriggerBook triggers, Signals signals, AfterCommit afterCommit)
{
    /// <param name="on">The status that was reached, or asked for again; null when there is nothing to plan.</param>
    public async Task<PlanResult> ApplyAsync(long subjectId, string? on, string by, CancellationToken cancellationToken)
    {
        await SubjectFence.ApplyAsync(db.Connection(), subjectId, cancellationToken);
        var plan = on is null
            ? new PlanResult(0, 0, [], [])
            : await planner.PlanAsync(db.Connection(), [subjectId], on, by, cancellationToken);
        afterCommit.Add(_ =>
        {
            triggers.Ask(plan.FirstInstants);
            if (plan.DueNow.Count > 0)
                signals.Due.Set();
            signals.OutboxWritten();
            return Task.CompletedTask;
        });
        return plan;
    }
}
