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

    private sealed record Pair(string Moved, string Kept, string KeptAt);

    /// <summary>The session's own list of the groups there are when a pass begins: a group is found by its keys, whatever its
    /// windows.</summary>
    public static string List(DedupeTable table) =>
        $"""
            DROP TABLE IF EXISTS {Worklist};
            CREATE TEMP TABLE dedupe_group AS
                SELECT row_number() OVER () AS n, {table.KeysOf("g")}, sum(g.copies - 1)::bigint AS spare FROM ({Survey.Groups(
                table
            )}) g GROUP BY {table.KeysOf("g")};
            ALTER TABLE {Worklist} ADD PRIMARY KEY (n);
            ANALYZE {Worklist};
            """;

    /// <summary>
    /// Chooses and locks in one statement. A row that was updated since the snapshot has another ctid, fails the join when it
    /// is looked at again under its lock, and is left to the next pass; a ctid under lock stays the row's own. The kept row is
    /// locked too: deleted by someone at this moment, its group would lose its last member.
    /// </summary>
    public static string Choose(DedupeTable table) =>
        $"""
            WITH member AS MATERIALIZED (
                SELECT g.n, t.* FROM {Worklist} g JOIN {table.Source} t ON {table.Same("t", "g")} WHERE g.n > $1 AND g.n <= $2),
            placed AS MATERIALIZED (
                SELECT w.n, w.dedupe_at AS at, row_number() OVER age AS place,
                       first_value(w.dedupe_at) OVER age AS kept_at, first_value({table.Describe("w")}) OVER age AS kept_key
                FROM ({table.Windowed("member", "m.n")}) w
                WINDOW age AS (PARTITION BY w.n, w.dedupe_window ORDER BY {table.Ordering("w")})),
            chosen AS MATERIALIZED (SELECT * FROM placed WHERE place > 1 ORDER BY n, place LIMIT $3)
            SELECT moved.ctid::text, c.kept_key, kept.ctid::text
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
            WITH gone ({cells}, kept_key, repointed) AS (
                DELETE FROM {table.Sql} t USING unnest($1::text[]::tid[], $2::text[], $3::text[]) AS pair (at, kept, repointed)
                    WHERE t.ctid = pair.at
                RETURNING {string.Join(
                ", ",
                table.Columns.Select(column => $"t.{Sql.Quote(column)}")
            )}, pair.kept::jsonb, pair.repointed::jsonb)
            INSERT INTO {table.Archive} ({string.Join(", ", table.Columns.Select(Sql.Quote))}, archived_at, kept_key, repointed)
            SELECT {cells}, clock_timestamp(), kept_key, repointed FROM gone
            """;
    }

    /// <returns>How many rows were moved, or why not.</returns>
    public async Task<(long Moved, string? Refusal)> PassAsync(IDedupeProgress progress, CancellationToken cancellationToken)
    {
        var (groups, total) = await ListAsync(cancellationToken);
        if (groups > 0)
        {
            await lookup.EnsureAsync(cancellationToken);
        }

        var sum = 0L;
        for (var from = 0L; from < groups; from += batch)
        {
            // What has come since is the next pass's: writers who are faster than this would keep it here for ever.
            var left = await SpareAsync(from, from + batch, cancellationToken);
            int moved;
            do
            {
                (moved, var refusal) = await BatchAsync(from, from + batch, cancellationToken);
                if (refusal is not null)
                {
                    return (sum, refusal);
                }

                sum += moved;
                left -= moved;
                progress.Moved(sum, total);
                cancellationToken.ThrowIfCancellationRequested();
            } while (moved == batch && left > 0);
        }
        return (sum, null);
    }

    private async Task<(long Groups, long Rows)> ListAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(List(table), cancellationToken);
        return (
            await connection.ReadAsync(
                $"SELECT count(*), coalesce(sum(spare), 0)::bigint FROM {Worklist}",
                reader => (reader.GetInt64(0), reader.GetInt64(1)),
                cancellationToken
            )
        )[0];
    }

    private async Task<long> SpareAsync(long from, long to, CancellationToken cancellationToken) =>
        (
            await connection.ReadAsync(
                $"SELECT sum(spare)::bigint FROM {Worklist} WHERE n > $1 AND n <= $2",
                reader => reader.GetInt64(0),
                cancellationToken,
                from,
                to
            )
        )[0];

    private async Task<(int Moved, string? Refusal)> BatchAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A batch is small whatever the planner thinks: by key through the index, by ctid straight to the row.
        await connection.ExecuteAsync(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off; SET LOCAL jit = off",
            cancellationToken
        );
        var pairs = await connection.ReadAsync(
            Choose(table),
            reader => new Pair(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
            cancellationToken,
            from,
            to,
            batch
        );
        string[] moved = [.. pairs.Select(pair => pair.Moved)];
        if (moved.Length == 0)
        {
            return (0, null);
        }

        var pointed = table.Settings.Repoint
            ? await references.RepointAsync(moved, [.. pairs.Select(pair => pair.KeptAt)], cancellationToken)
            : new(moved, new string?[moved.Length], await references.InTheWayAsync(moved, cancellationToken));
        if (pointed.Refusal is not null)
        {
            return (0, pointed.Refusal);
        }

        await using var command = new NpgsqlCommand(Move(table), connection);
        command.Parameters.Add(new() { Value = pointed.Moved });
        command.Parameters.Add(new() { Value = pairs.Select(pair => pair.Kept).ToArray() });
        command.Parameters.Add(new() { Value = pointed.Names });
        var count = await command.ExecuteNonQueryAsync(cancellationToken);
        // A commit that is cancelled halfway leaves nobody knowing; it takes milliseconds.
        await transaction.CommitAsync(CancellationToken.None);
        return (count, null);
    }
}
