using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>A foreign key that points at the table.</summary>
internal sealed record Reference(string Table, string Constraint, bool Cascades, IReadOnlyList<(string From, string To)> Columns)
{
    /// <summary>Is the row <paramref name="alias"/> pointed at?</summary>
    public string PointsAt(string alias) =>
        $"EXISTS (SELECT FROM {Table} r WHERE {string.Join(" AND ", Columns.Select(column => $"r.{Sql.Quote(column.From)} = {alias}.{Sql.Quote(column.To)}"))})";
}

/// <summary>
/// A row that others point at is not moved: ON DELETE CASCADE would take them along without a word, SET NULL would forget what
/// they meant, and which row they should point at instead is a person's to say.
/// </summary>
internal sealed class References(NpgsqlConnection connection, DedupeTable table, IReadOnlyList<Reference> all)
{
    public static async Task<References> ReadAsync(NpgsqlConnection connection, DedupeTable table, CancellationToken cancellationToken) => new(
        connection, table, await connection.ReadAsync("""
            SELECT format('%I.%I', n.nspname, c.relname), f.conname::text, f.confdeltype IN ('c', 'n', 'd'),
                   array_agg(a.attname::text ORDER BY k.place), array_agg(b.attname::text ORDER BY k.place)
            FROM pg_constraint f
            JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY k (from_column, to_column, place)
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.from_column
            JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.to_column
            WHERE f.contype = 'f' AND f.confrelid = $1 AND f.conparentid = 0
            GROUP BY f.oid, n.nspname, c.relname, f.conname, f.confdeltype ORDER BY 1, 2
            """,
            reader => new Reference(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2),
                [.. reader.GetFieldValue<string[]>(3).Zip(reader.GetFieldValue<string[]>(4))]),
            cancellationToken, table.Oid));

    /// <returns>Why it cannot be done as the table is now; null when nothing is in the way.</returns>
    public async Task<string?> InTheWayAsync(CancellationToken cancellationToken)
    {
        foreach (var reference in all)
        {
            var to = reference.Columns.Select(column => $"t.{Sql.Quote(column.To)}");
            var count = await connection.CountAsync($"""
                SELECT count(*) FROM (
                    SELECT {string.Join(", ", to)}, row_number() OVER (PARTITION BY {table.KeysOf("t")} ORDER BY {table.Ordering("t")}) AS dedupe_place
                    FROM {table.Sql} t WHERE {table.KeysPresent("t")}) v
                WHERE v.dedupe_place > 1 AND {reference.PointsAt("v")}
                """, cancellationToken);
            if (count > 0)
                return Refusal(reference, $"{count}");
        }
        return null;
    }

    /// <summary>The same for rows that are locked, so that no reference can be added any more.</summary>
    public async Task<string?> InTheWayAsync(string[] locked, CancellationToken cancellationToken)
    {
        foreach (var reference in all)
        {
            var count = await connection.CountAsync(
                $"SELECT count(*) FROM {table.Sql} t WHERE t.ctid = ANY ($1::text[]::tid[]) AND {reference.PointsAt("t")}", cancellationToken, (object)locked);
            if (count > 0)
                return Refusal(reference, $"{count}");
        }
        return null;
    }

    private string Refusal(Reference reference, string count) =>
        $"{count} rows that would be moved are referenced by {reference.Table} (foreign key {reference.Constraint}"
        + (reference.Cascades ? ", whose ON DELETE action would change or delete its rows without a word" : "")
        + $"). Point those at the row that is kept, then run this again; with --keep {(table.Keep == Keep.Oldest ? "newest" : "oldest")} other rows stay.";
}
