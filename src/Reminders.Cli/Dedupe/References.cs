using System.Text.Json.Nodes;
using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>A foreign key that points at the table.</summary>
/// <param name="PrimaryKey">Of the table that points: how its rows are named, should they be pointed back.</param>
internal sealed record Reference(
    string Table,
    string Constraint,
    bool Cascades,
    IReadOnlyList<(string From, string To, string Type)> Columns,
    IReadOnlyList<string> PrimaryKey
)
{
    /// <summary>As the archive names it.</summary>
    public string Label => $"{Table} {Constraint}";

    /// <summary>The row <paramref name="alias"/> by its primary key, as JSON; null where it has none.</summary>
    public string Name(string alias) =>
        PrimaryKey.Count == 0
            ? "NULL::jsonb"
            : "jsonb_build_object("
                + string.Join(", ", PrimaryKey.Select(column => $"{Sql.Literal(column)}, {alias}.{Sql.Quote(column)}"))
                + ")";

    /// <summary>Is the row <paramref name="alias"/> pointed at?</summary>
    public string PointsAt(string alias) =>
        $"EXISTS (SELECT FROM {Table} r WHERE "
        + $"{string.Join(" AND ", Columns.Select(column => $"r.{Sql.Quote(column.From)} = {alias}.{Sql.Quote(column.To)}"))})";
}

/// <param name="Moved">Where the rows are now that are to be moved.</param>
/// <param name="Names">For each, which rows pointed at it, as JSON by foreign key, so that it can be undone.</param>
/// <param name="Refusal">Why it cannot be done.</param>
internal sealed record Repointed(string[] Moved, string?[] Names, string? Refusal);

/// <summary>
/// A row that others point at is not simply moved: ON DELETE CASCADE would take them along without a word, and SET NULL would forget what
/// they meant. Which row they should point at instead is a person's to say, with <c>--repoint</c>.
/// </summary>
internal sealed class References(NpgsqlConnection connection, DedupeTable table, IReadOnlyList<Reference> all)
{
    public static async Task<References> ReadAsync(NpgsqlConnection connection, DedupeTable table, CancellationToken cancellationToken) =>
        new(connection, table, await OfAsync(connection, table.Oid, cancellationToken));

    /// <summary>The foreign keys that point at a table.</summary>
    public static Task<List<Reference>> OfAsync(NpgsqlConnection connection, long oid, CancellationToken cancellationToken) =>
        connection.ReadAsync(
            CliStatement.Named("Dedupe/Sql/references.sql"),
            reader => new Reference(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetBoolean(2),
                [.. reader.GetFieldValue<string[]>(3).Zip(reader.GetFieldValue<string[]>(4), reader.GetFieldValue<string[]>(5))],
                reader.GetFieldValue<string[]>(6)
            ),
            cancellationToken,
            oid
        );

    /// <returns>Why it cannot be done as the table is now; null when nothing is in the way.</returns>
    public async Task<string?> InTheWayAsync(CancellationToken cancellationToken)
    {
        foreach (var reference in all)
        {
            var count = await connection.CountAsync(
                $"""
                SELECT count(*) FROM (
                    SELECT w.*, row_number() OVER (PARTITION BY {table.KeysOf("w")}, w.dedupe_window ORDER BY {table.Ordering(
                    "w"
                )}) AS dedupe_place
                    FROM ({table.Windowed(table.Source, table.KeysOf("m"))}) w) v
                WHERE v.dedupe_place > 1 AND {reference.PointsAt("v")}
                """,
                cancellationToken
            );
            if (count > 0)
            {
                return Refusal(reference, $"{count}");
            }
        }
        return null;
    }

    /// <summary>The same for rows that are locked, so that no reference can be added any more.</summary>
    public async Task<string?> InTheWayAsync(string[] locked, CancellationToken cancellationToken)
    {
        foreach (var reference in all)
        {
            var count = await connection.CountAsync(
                $"SELECT count(*) FROM {table.Sql} t WHERE t.ctid = ANY ($1::text[]::tid[]) AND {reference.PointsAt("t")}",
                cancellationToken,
                (object)locked
            );
            if (count > 0)
            {
                return Refusal(reference, $"{count}");
            }
        }
        return null;
    }

    /// <summary>
    /// Makes what points at the rows of <paramref name="moved"/> point at those of <paramref name="kept"/>, both locked. What is
    /// pointed at is read for every foreign key before anything is written: a row that points within its own table has another
    /// ctid afterwards, and one that could no longer be found would be deleted with all that points at it.
    /// </summary>
    public async Task<Repointed> RepointAsync(string[] moved, string[] kept, CancellationToken cancellationToken)
    {
        var targets = new List<(Reference Reference, string?[][] Old, string?[][] New)>();
        foreach (var reference in all)
        {
            targets.Add(
                (reference, await ValuesAsync(reference, moved, cancellationToken), await ValuesAsync(reference, kept, cancellationToken))
            );
        }

        var by = new Dictionary<string, JsonNode?>?[moved.Length];
        foreach (var (reference, old, @new) in targets)
        {
            try
            {
                foreach (var (nth, names) in await PointAsync(reference, old, @new, cancellationToken))
                {
                    (by[nth - 1] ??= [])[reference.Label] = JsonNode.Parse(names);
                }
            }
            catch (PostgresException exception) when (exception.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                return new(
                    [],
                    [],
                    $"What points at a duplicate cannot all point at the row that is kept: {exception.MessageText} "
                        + $"({reference.Table}, foreign key {reference.Constraint}). Clean {reference.Table} first."
                );
            }
        }
        var own = targets.Find(target => target.Reference.Table == table.Reference);
        return new(
            own.Reference is null ? moved : await PlacesAsync(own.Reference, own.Old, cancellationToken),
            [.. by.Select(one => one is null ? null : new JsonObject(one).ToJsonString())],
            null
        );
    }

    // Column by column, as text, in the order of the rows.
    private async Task<string?[][]> ValuesAsync(Reference reference, string[] rows, CancellationToken cancellationToken)
    {
        var read = await connection.ReadAsync(
            $"""
            SELECT ARRAY[{string.Join(", ", reference.Columns.Select(column => $"t.{Sql.Quote(column.To)}::text"))}]
            FROM unnest($1::text[]::tid[]) WITH ORDINALITY AS p (at, nth) JOIN {table.Sql} t ON t.ctid = p.at ORDER BY p.nth
            """,
            reader => reader.GetFieldValue<string?[]>(0),
            cancellationToken,
            (object)rows
        );
        return [.. reference.Columns.Select((_, i) => read.Select(values => values[i]).ToArray())];
    }

    private Task<List<(long Nth, string Names)>> PointAsync(
        Reference reference,
        string?[][] old,
        string?[][] @new,
        CancellationToken cancellationToken
    )
    {
        var count = reference.Columns.Count;
        return connection.ReadAsync(
            $"""
            WITH pair AS (
                SELECT * FROM unnest({string.Join(", ", Enumerable.Range(1, 2 * count).Select(n => $"${n}::text[]"))}) WITH ORDINALITY
                    AS p ({string.Join(
                ", ",
                Enumerable.Range(0, count).Select(i => $"old_{i}").Concat(Enumerable.Range(0, count).Select(i => $"new_{i}"))
            )}, nth)),
            changed AS (
                UPDATE {reference.Table} r SET {string.Join(
                ", ",
                reference.Columns.Select((column, i) => $"{Sql.Quote(column.From)} = pair.new_{i}::{column.Type}")
            )}
                FROM pair WHERE {string.Join(
                " AND ",
                reference.Columns.Select((column, i) => $"r.{Sql.Quote(column.From)} = pair.old_{i}::{column.Type}")
            )}
                RETURNING pair.nth, {reference.Name("r")} AS name)
            SELECT nth, jsonb_agg(name)::text FROM changed GROUP BY nth
            """,
            reader => (reader.GetInt64(0), reader.GetString(1)),
            cancellationToken,
            [.. old, .. @new]
        );
    }

    // Where the moved rows are now: what a foreign key points at is unique.
    private async Task<string[]> PlacesAsync(Reference reference, string?[][] values, CancellationToken cancellationToken) =>
        [
            .. await connection.ReadAsync(
                $"""
                SELECT t.ctid::text FROM unnest({string.Join(
                    ", ",
                    values.Select((_, i) => $"${i + 1}::text[]")
                )}) WITH ORDINALITY AS p ({string.Join(", ", values.Select((_, i) => $"old_{i}"))}, nth)
                JOIN {table.Sql} t ON {string.Join(
                    " AND ",
                    reference.Columns.Select((column, i) => $"t.{Sql.Quote(column.To)} = p.old_{i}::{column.Type}")
                )} ORDER BY p.nth
                """,
                reader => reader.GetString(0),
                cancellationToken,
                [.. values]
            ),
        ];

    private string Refusal(Reference reference, string count) =>
        $"{count} rows that would be moved are referenced by {reference.Table} (foreign key {reference.Constraint}"
        + (reference.Cascades ? ", whose ON DELETE action would change or delete its rows without a word" : "")
        + "). With --repoint they are made to point at the row that is kept; with --keep "
        + $"{(table.Keep == Keep.Oldest ? "newest" : "oldest")} other rows stay.";
}
