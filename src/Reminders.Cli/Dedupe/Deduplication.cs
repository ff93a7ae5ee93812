using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>The whole command, step by step: find, refuse, look, show; and only with <c>--apply</c>, do.</summary>
internal static class Deduplication
{
    /// <param name="show">Told what was found, before anything is written.</param>
    /// <param name="apply">Runs what it is given under someone's eyes; null: nothing is written.</param>
    /// <returns>Null: a dry run that found nothing in the way.</returns>
    public static async Task<DedupeOutcome?> RunAsync(
        NpgsqlConnection connection, DedupeSettings settings, Action<DedupeTable, DuplicateSurvey, DeleteTriggers> show,
        Func<Func<IDedupeProgress, Task<DedupeOutcome>>, Task<DedupeOutcome>>? apply, CancellationToken cancellationToken)
    {
        var (table, outcome) = await new TableCatalog(connection).FindAsync(settings, cancellationToken);
        if (table is null)
            return outcome;
        if (outcome is not null)
        {
            // A run that was killed in its last moment may have left its scaffolding behind.
            if (apply is not null)
                await Scaffolding.DropAsync(connection, table, cancellationToken);
            return outcome;
        }
        var survey = await Survey.TakeAsync(connection, table, cancellationToken);
        show(table, survey, await DeleteTriggers.ReadAsync(connection, table, cancellationToken));
        var references = await References.ReadAsync(connection, table, cancellationToken);
        var refusal = await references.InTheWayAsync(cancellationToken) ?? await Archive.InTheWayAsync(connection, table, cancellationToken);
        if (refusal is not null)
            return new DedupeOutcome.Refused(refusal);
        return apply is null ? null : await apply(progress => new DedupeRun(connection, table, references, settings, progress).RunAsync(cancellationToken));
    }
}
