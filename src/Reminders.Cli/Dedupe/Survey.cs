using System.Data;
using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <param name="Keys">Their values as text.</param>
/// <param name="Kept">The row that stays, as JSON.</param>
internal sealed record DuplicateGroup(IReadOnlyList<string?> Keys, long Copies, string Kept);

/// <param name="Rows">That are looked at.</param>
/// <param name="ToMove">Rows that are not the kept one of their group.</param>
/// <param name="NullKeys">Rows without a key, or without an age where that counts: nobody's duplicates.</param>
/// <param name="Largest">The first few groups, by size.</param>
internal sealed record DuplicateSurvey(long Rows, long Groups, long ToMove, long NullKeys, IReadOnlyList<DuplicateGroup> Largest);

/// <summary>Looks, in a transaction that PostgreSQL itself keeps from writing.</summary>
internal static class Survey
{
    public const int Shown = 20;

    public static async Task<DuplicateSurvey> TakeAsync(NpgsqlConnection connection, DedupeTable table, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync("SET TRANSACTION READ ONLY", cancellationToken);
        var (rows, nulls) = (
            await connection.ReadAsync(
                $"SELECT count(*), count(*) FILTER (WHERE ({table.Counted}) IS NOT TRUE) FROM {table.Sql} WHERE {table.Where ?? "true"}",
                reader => (reader.GetInt64(0), reader.GetInt64(1)),
                cancellationToken
            )
        )[0];
        var (groups, toMove) = (
            await connection.ReadAsync(
                $"SELECT count(*), coalesce(sum(copies - 1), 0)::bigint FROM ({Groups(table)}) g",
                reader => (reader.GetInt64(0), reader.GetInt64(1)),
                cancellationToken
            )
        )[0];
        var largest = groups == 0 ? [] : await LargestAsync(connection, table, cancellationToken);
        return new(rows, groups, toMove, nulls, largest);
    }

    /// <summary>One row a group: its keys, its window, copies.</summary>
    public static string Groups(DedupeTable table) =>
        $"""
            SELECT {table.KeysOf("w")}, w.dedupe_window, count(*) AS copies
            FROM ({table.Windowed(table.Source, table.KeysOf("m"))}) w GROUP BY {table.KeysOf("w")}, w.dedupe_window HAVING count(*) > 1
            """;

    private static Task<List<DuplicateGroup>> LargestAsync(
        NpgsqlConnection connection,
        DedupeTable table,
        CancellationToken cancellationToken
    ) =>
        connection.ReadAsync(
            $"""
            WITH top AS (
                SELECT g.*, row_number() OVER (ORDER BY copies DESC, {table.KeysOf("g")}, dedupe_window) AS n
                FROM ({Groups(table)}) g ORDER BY n LIMIT {Shown})
            SELECT DISTINCT ON (top.n) ARRAY[{string.Join(
                ", ",
                table.Keys.Select((_, i) => $"top.dedupe_key_{i + 1}::text")
            )}], top.copies, {table.Describe("w")}
            FROM top JOIN ({table.Windowed(table.Source, table.KeysOf("m"))}) w ON {table.Same(
                "w",
                "top"
            )} AND w.dedupe_window = top.dedupe_window
            ORDER BY top.n, {table.Ordering("w")}
            """,
            reader => new DuplicateGroup(reader.GetFieldValue<string?[]>(0), reader.GetInt64(1), reader.GetString(2)),
            cancellationToken
        );
}
