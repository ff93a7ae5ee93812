using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>The whole command, step by step: find, refuse, look, show; and only with <c>--apply</c>, do.</summary>
internal static class Deduplication
{
    // The session's own: a window begins with its first row, and the next with the first row beyond its end.
    private const string WindowAggregate = """
        CREATE FUNCTION pg_temp.dedupe_next(begun float8, at float8, span float8) RETURNS float8 LANGUAGE sql IMMUTABLE
            AS 'SELECT CASE WHEN begun IS NULL OR at >= begun + span THEN at ELSE begun END';
        CREATE AGGREGATE pg_temp.dedupe_window(float8, float8) (SFUNC = pg_temp.dedupe_next, STYPE = float8)
        """;

    /// <param name="show">Told what was found, before anything is written.</param>
    /// <param name="apply">Runs what it is given under someone's eyes; null: nothing is written.</param>
    /// <returns>Null: a dry run that found nothing in the way.</returns>
    public static async Task<DedupeOutcome?> RunAsync(
        NpgsqlConnection connection,
        DedupeSettings settings,
        Action<DedupeTable, DuplicateSurvey, DeleteTriggers> show,
        Func<Func<IDedupeProgress, Task<DedupeOutcome>>, Task<DedupeOutcome>>? apply,
        CancellationToken cancellationToken
    )
    {
        var (table, outcome) = await new TableCatalog(connection).FindAsync(settings, cancellationToken);
        if (table is null)
        {
            return outcome;
        }

        if (outcome is not null)
        {
            // A run that was killed in its last moment may have left its scaffolding behind.
            if (apply is not null)
            {
                await Scaffolding.DropAsync(connection, table, cancellationToken);
            }

            return outcome;
        }
        if (settings.Within is not null)
        {
            await connection.ExecuteAsync(WindowAggregate, cancellationToken);
        }

        var survey = await Survey.TakeAsync(connection, table, cancellationToken);
        show(table, survey, await DeleteTriggers.ReadAsync(connection, table, cancellationToken));
        var references = await References.ReadAsync(connection, table, cancellationToken);
        var refusal =
            (settings.Repoint ? null : await references.InTheWayAsync(cancellationToken))
            ?? await Archive.InTheWayAsync(connection, table, cancellationToken);
        if (refusal is not null)
        {
            return new DedupeOutcome.Refused(refusal);
        }

        return apply is null
            ? null
            : await apply(progress => new DedupeRun(connection, table, references, settings, progress).RunAsync(cancellationToken));
    }

    /// <summary>Puts the archive's rows back.</summary>
    /// <param name="show">Told how many rows wait, and which indexes go.</param>
    /// <returns>Null: a dry run.</returns>
    public static async Task<DedupeOutcome?> UndoAsync(
        NpgsqlConnection connection,
        string name,
        int batch,
        Action<long, IReadOnlyList<string>> show,
        Func<Func<IDedupeProgress, Task<DedupeOutcome>>, Task<DedupeOutcome>>? apply,
        CancellationToken cancellationToken
    )
    {
        var (table, refusal) = await new TableCatalog(connection).NamedAsync(name, cancellationToken);
        if (table is not { } found)
        {
            return new DedupeOutcome.Refused(refusal!);
        }

        var undo = new Undo(connection, found.Oid, found.Schema, found.Name, found.Quoted, batch);
        if (await undo.WaitingAsync(cancellationToken) is not { } waiting)
        {
            return new DedupeOutcome.NothingToDo($"{found.Schema}.{found.Name} has no archive of duplicates.");
        }

        show(waiting, await undo.IndexesAsync(cancellationToken));
        if (apply is null)
        {
            return null;
        }

        return await connection.LockAsync(found.Oid, cancellationToken)
            ? await apply(progress => undo.RunAsync(progress, cancellationToken))
            : new DedupeOutcome.Refused($"Another dedupe of {found.Schema}.{found.Name} is running.");
    }
}
