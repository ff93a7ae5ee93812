using System.Data;
using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// Move the duplicates, build the index; where new ones came meanwhile, once more, with a growing pause; where they come faster
/// than that, behind the guard. Every step finds what an earlier run left and goes on from there.
/// </summary>
internal sealed class DedupeRun(
    NpgsqlConnection connection,
    DedupeTable table,
    References references,
    DedupeSettings settings,
    IDedupeProgress progress
)
{
    // Each pass leaves only what came while it ran, and there is less of that each time.
    private const int Passes = 3;

    private readonly UniqueIndex _index = new(connection, table);
    private readonly LookupIndex _lookup = new(connection, table);
    private readonly InsertGuard _guard = new(connection, table);
    private long _moved;
    private bool _guarded;

    public async Task<DedupeOutcome> RunAsync(CancellationToken cancellationToken)
    {
        // Two runs would wait for each other's rows; the lock is the session's, so a killed run holds nothing.
        if (!await connection.LockAsync(table.Oid, cancellationToken))
        {
            return new DedupeOutcome.Refused($"Another dedupe of {table.Schema}.{table.Name} is running.");
        }

        await connection.ExecuteAsync(Archive.Create(table), cancellationToken);
        var outcome = await ConvergeAsync(cancellationToken);
        await Scaffolding.DropAsync(connection, table, cancellationToken);
        return outcome;
    }

    private async Task<DedupeOutcome> ConvergeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!table.Settings.MakesIndex)
            {
                return await MoveAllAsync(cancellationToken) is { } inTheWay
                    ? new DedupeOutcome.Refused(inTheWay)
                    : new DedupeOutcome.Done(_moved, null, 1, false);
            }

            for (var attempt = 1; attempt <= settings.Attempts; attempt++)
            {
                if (attempt > settings.AttemptsUnguarded)
                {
                    await GuardAsync(cancellationToken);
                }

                if (await MoveAllAsync(cancellationToken) is { } refusal)
                {
                    return new DedupeOutcome.Refused(refusal);
                }

                progress.Say($"building the unique index {table.IndexName}; writers are not blocked.");
                if (await _index.TryBuildAsync(cancellationToken))
                {
                    return new DedupeOutcome.Done(_moved, $"{table.Schema}.{table.IndexName}", attempt, _guarded);
                }

                var pause = settings.Pause * Math.Pow(2, attempt - 1);
                progress.Say($"new duplicates came meanwhile; attempt {attempt + 1} of {settings.Attempts} follows.");
                await Task.Delay(pause, cancellationToken);
            }
            return new DedupeOutcome.Refused(
                $"Duplicates came faster than they could be moved, {settings.Attempts} times: {_moved} rows were moved, the "
                    + "index is not there. Run it again, at a quieter hour."
            );
        }
        finally
        {
            await UnguardAsync();
        }
    }

    private async Task<string?> MoveAllAsync(CancellationToken cancellationToken)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            var (count, refusal) = await new Mover(connection, table, references, _lookup, settings.Batch).PassAsync(
                progress,
                cancellationToken
            );
            _moved += count;
            if (refusal is not null || count == 0)
            {
                return refusal;
            }
        }
        return null;
    }

    private async Task GuardAsync(CancellationToken cancellationToken)
    {
        if (_guarded)
        {
            return;
        }

        progress.Say("duplicates come faster than an index can be begun: a trigger rejects them from now until the index stands.");
        await _lookup.EnsureAsync(cancellationToken);
        _guarded = await _guard.EnsureAsync(cancellationToken);
    }

    // After Ctrl-C too: until the index stands, whether duplicates are rejected is the writers' owner's to decide.
    private async Task UnguardAsync()
    {
        if (connection.FullState == ConnectionState.Open && !await _guard.DropAsync(CancellationToken.None))
        {
            progress.Say("the trigger that rejects duplicates could not be dropped; it does no harm, and the next run drops it.");
        }
    }
}
