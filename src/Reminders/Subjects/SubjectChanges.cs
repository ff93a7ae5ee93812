using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Scheduling;
using Reminders.Storage;

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
    Viewers viewers,
    AfterCommit afterCommit,
    ChannelCatalog channels,
    SuppressionMetrics metrics,
    ILogger<SubjectChanges> logger
)
{
    /// <param name="on">The status that was reached, or asked for again; null when there is nothing to plan.</param>
    /// <param name="by">Who changed it, for the ledger.</param>
    /// <param name="change">The change itself, where it has not been made yet.</param>
    public async Task<PlanResult> ApplyAsync(
        long subjectId,
        string? on,
        string by,
        CancellationToken cancellationToken,
        NpgsqlBatchCommand? change = null
    )
    {
        await using var batch = Begin(change);
        SubjectFence.Add(batch, db.Names, subjectId, by, channels.Editable);
        return await EndAsync(batch, [subjectId], on, by, fenced: true, cancellationToken);
    }

    /// <summary>Plans many subjects in one go, none of which took anything back: there is nothing to fence off.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    public async Task<PlanResult> PlanAsync(
        long[] subjectIds,
        string on,
        string by,
        CancellationToken cancellationToken,
        NpgsqlBatchCommand? change = null
    )
    {
        await using var batch = Begin(change);
        return await EndAsync(batch, subjectIds, on, by, fenced: false, cancellationToken);
    }

    /// <summary>Plans one that reached its status in this transaction, took nothing back, and need not be read again.</summary>
    /// <param name="recruiters">Whose it is, among <paramref name="subject"/>'s parties.</param>
    /// <param name="now">The transaction's.</param>
    /// <inheritdoc cref="ApplyAsync"/>
    public async Task<PlanResult> PlanAsync(
        SubjectNow subject,
        IReadOnlyCollection<long> recruiters,
        DateTimeOffset now,
        string by,
        CancellationToken cancellationToken
    )
    {
        var plan = await planner.PlanAsync(db.Connection, [subject], now, subject.Status, by, cancellationToken);
        FollowUp(plan, plan.IsDueSoon);
        afterCommit.Add(_ => viewers.TellAsync(recruiters));
        return plan;
    }

    private NpgsqlBatch Begin(NpgsqlBatchCommand? change)
    {
        var batch = new NpgsqlBatch(db.Connection);
        if (change is not null)
        {
            batch.BatchCommands.Add(change);
        }

        return batch;
    }

    /// <summary>What is done first, telling whoever looks, and asking what there is to plan are one round trip.</summary>
    private async Task<PlanResult> EndAsync(
        NpgsqlBatch batch,
        long[] subjectIds,
        string? on,
        string by,
        bool fenced,
        CancellationToken cancellationToken
    )
    {
        var tell = db.Names.BatchCommand(Statement.Named("Subjects/Sql/tell-viewers.sql")).With(subjectIds, Viewers.MostNamed);
        var plan = new PlanResult(0, 0, [], []);
        if (on is null)
        {
            batch.BatchCommands.Add(tell);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        else
        {
            plan = await planner.PlanAsync(batch, subjectIds, on, by, cancellationToken, tell);
        }

        FollowUp(plan, fenced || plan.IsDueSoon);
        return plan;
    }

    /// <summary>After the commit: asks for the triggers of what was planned, and wakes the loops.</summary>
    /// <param name="writes">Whether it may concern the dispatchers now. What is due later is no news to them, and a word at each of many
    /// approvals would have them ask the database as often.</param>
    public void FollowUp(PlanResult plan, bool writes = true) =>
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

            if (writes)
            {
                signals.OutboxWritten();
            }

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
