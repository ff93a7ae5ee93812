using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>Where the others go: the same columns, when they were moved, and which row was kept in their place.</summary>
internal static class Archive
{
    private static readonly string[] Own = ["archived_at", "kept_key", "repointed"];

    /// <summary>LIKE takes types, collations and NOT NULL; no default, identity or constraint that could refuse what was.</summary>
    public static string Create(DedupeTable table) =>
        $"""
            CREATE TABLE IF NOT EXISTS {table.Archive} (
                LIKE {table.Sql},
                archived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                kept_key jsonb NOT NULL,
                repointed jsonb);
            ALTER TABLE {table.Archive} ADD COLUMN IF NOT EXISTS repointed jsonb
            """;

    /// <returns>Why it cannot take the rows; null when it can, or is yet to be made.</returns>
    public static async Task<string?> InTheWayAsync(NpgsqlConnection connection, DedupeTable table, CancellationToken cancellationToken)
    {
        if (table.Columns.Intersect(Own).ToArray() is { Length: > 0 } taken)
        {
            return $"{table.Schema}.{table.Name} has a column named {string.Join(" and ", taken)}, as the archive's own: "
                + "rename it for as long as this takes.";
        }

        var missing = await connection.ReadAsync(
            """
            SELECT a.attname::text FROM (
                SELECT attname, atttypid FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
                UNION ALL VALUES ('archived_at'::name, 'timestamptz'::regtype::oid), ('kept_key', 'jsonb'::regtype::oid)) a
            JOIN pg_class archive ON archive.relname = $3
            JOIN pg_namespace n ON n.oid = archive.relnamespace AND n.nspname = $2
            WHERE NOT EXISTS (
                SELECT FROM pg_attribute o
                WHERE o.attrelid = archive.oid AND o.attname = a.attname AND o.atttypid = a.atttypid AND NOT o.attisdropped)
            """,
            reader => reader.GetString(0),
            cancellationToken,
            table.Oid,
            table.Schema,
            table.ArchiveName
        );
        return missing.Count == 0
            ? null
            : $"{table.Schema}.{table.ArchiveName} is there but lacks, or has with another type: "
                + $"{string.Join(", ", missing)}. Rename it; a new one is made.";
    }
}
