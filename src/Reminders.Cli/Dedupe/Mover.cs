using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// Moves the duplicates there are now, a batch a transaction. What is left to do is read from the table itself, so a pass that
/// was killed at any point is taken up by the next one.
/// </summary>
internal sealed class Mover(NpgsqlConnection connection, DedupeTable table, References references, LookupIndex lookup, int batch)
{
    // The groups of one pass. Each holds at least one row to move, so so many groups are at least one batch.
    private const string Worklist = "pg_temp.dedupe_group";

    private sealed record Pair(string Moved, string Kept);

    /// <summary>The session's own list of the groups there are when a pass begins.</summary>
    public static string List(DedupeTable table) => $"""
        DROP TABLE IF EXISTS {Worklist};
        CREATE TEMP TABLE dedupe_group AS SELECT row_number() OVER () AS n, g.* FROM ({Survey.Groups(table)}) g;
        ALTER TABLE {Worklist} ADD PRIMARY KEY (n);
        ANALYZE {Worklist};
        """;

    /// <summary>
    /// Chooses and locks in one statement. A row that was updated since the snapshot has another ctid, fails the join when it
    /// is looked at again under its lock, and is left to the next pass; a ctid under lock stays the row's own. The kept row is
    /// locked too: deleted by someone at this moment, its group would lose its last member.
    /// </summary>
    public static string Choose(DedupeTable table) => $"""
        WITH placed AS MATERIALIZED (
            SELECT g.n, t.ctid AS at, row_number() OVER age AS place, first_value(t.ctid) OVER age AS kept_at
            FROM {Worklist} g JOIN {table.Sql} t ON {Survey.OfGroup(table, "t", "g")}
            WHERE g.n > $1 AND g.n <= $2
            WINDOW age AS (PARTITION BY g.n ORDER BY {table.Ordering("t")})),
        chosen AS MATERIALIZED (SELECT * FROM placed WHERE place > 1 ORDER BY n, place LIMIT $3)
        SELECT moved.ctid::text, {table.Describe("kept")}
        FROM chosen c
        JOIN {table.Sql} moved ON moved.ctid = c.at
        JOIN {table.Sql} kept ON kept.ctid = c.kept_at
        ORDER BY c.n, c.place
        FOR UPDATE OF moved, kept
        """;

    /// <summary>Out of one table and into the other in one statement: never in both, never in neither.</summary>
    public static string Move(DedupeTable table)
    {
        var cells = string.Join(", ", table.Columns.Select((_, i) => $"c{i + 1}"));
        return $"""
            WITH gone ({cells}, kept_key) AS (
                DELETE FROM {table.Sql} t USING unnest($1::text[]::tid[], $2::text[]) AS pair (at, kept) WHERE t.ctid = pair.at
                RETURNING {string.Join(", ", table.Columns.Select(column => $"t.{Sql.Quote(column)}"))}, pair.kept::jsonb)
            INSERT INTO {table.Archive} ({string.Join(", ", table.Columns.Select(Sql.Quote))}, archived_at, kept_key)
            SELECT {cells}, clock_timestamp(), kept_key FROM gone
            """;
    }

    /// <returns>How many rows were moved, or why not.</returns>
    public async Task<(long Moved, string? Refusal)> PassAsync(IDedupeProgress progress, CancellationToken cancellationToken)
    {
        var (groups, total) = await ListAsync(cancellationToken);
        if (groups > 0)
            await lookup.EnsureAsync(cancellationToken);
        var sum = 0L;
        for (var from = 0L; from < groups; from += batch)
        {
            int moved;
            do
            {
                (moved, var refusal) = await BatchAsync(from, from + batch, cancellationToken);
                if (refusal is not null)
                    return (sum, refusal);
                sum += moved;
                progress.Moved(sum, total);
                cancellationToken.ThrowIfCancellationRequested();
            }
            while (moved == batch);
        }
        return (sum, null);
    }

    private async Task<(long Groups, long Rows)> ListAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(List(table), cancellationToken);
        return (await connection.ReadAsync(
            $"SELECT count(*), coalesce(sum(copies - 1), 0)::bigint FROM {Worklist}", reader => (reader.GetInt64(0), reader.GetInt64(1)), cancellationToken))[0];
    }

    private async Task<(int Moved, string? Refusal)> BatchAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A batch is small whatever the planner thinks: by key through the index, by ctid straight to the row.
        await connection.ExecuteAsync("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off", cancellationToken);
        var pairs = await connection.ReadAsync(
            Choose(table), reader => new Pair(reader.GetString(0), reader.GetString(1)), cancellationToken, from, to, batch);
        string[] moved = [.. pairs.Select(pair => pair.Moved)];
        if (moved.Length == 0)
            return (0, null);
        if (await references.InTheWayAsync(moved, cancellationToken) is { } refusal)
            return (0, refusal);
        await using var command = new NpgsqlCommand(Move(table), connection);
        command.Parameters.Add(new() { Value = moved });
        command.Parameters.Add(new() { Value = pairs.Select(pair => pair.Kept).ToArray() });
        var count = await command.ExecuteNonQueryAsync(cancellationToken);
        // A commit that is cancelled halfway leaves nobody knowing; it takes milliseconds.
        await transaction.CommitAsync(CancellationToken.None);
        return (count, null);
    }
}
