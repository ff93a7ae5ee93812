using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// Finds what a person named, in the catalogue and nowhere else: nothing that was typed ever becomes part of a statement, only
/// names that PostgreSQL itself returned, quoted.
/// </summary>
internal sealed class TableCatalog(NpgsqlConnection connection)
{
    private sealed record Relation(long Oid, string Schema, string Name, char Kind, bool Inherits, bool Exact);

    /// <returns>The table, or what stands in the way; both when there is nothing to do.</returns>
    public async Task<(DedupeTable? Table, DedupeOutcome? Outcome)> FindAsync(DedupeSettings settings, CancellationToken cancellationToken)
    {
        var (relation, refusal) = await RelationAsync(settings.Table, cancellationToken);
        if (relation is null)
            return (null, Refuse(refusal!));
        var columns = await connection.ReadAsync(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            reader => reader.GetString(0), cancellationToken, relation.Oid);
        var name = $"{relation.Schema}.{relation.Name}";
        var keys = settings.Keys.SelectMany(key => Column(columns, key) is null ? key.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [key]).ToArray();
        foreach (var asked in settings.Order is null ? keys : [.. keys, settings.Order])
        {
            if (Column(columns, asked) is null)
                return (null, Refuse($"{name} has no column '{asked}'. It has: {string.Join(", ", columns)}."));
        }
        string[] found = [.. keys.Select(key => Column(columns, key)!).Distinct()];
        if (found.Length == 0)
            return (null, Refuse("--keys names no column."));
        var unique = await UniqueAlreadyAsync(relation, found, cancellationToken);
        var primaryKey = await connection.ReadAsync("""
            SELECT a.attname::text FROM pg_index i
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = $1 AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place
            """, reader => reader.GetString(0), cancellationToken, relation.Oid);
        var order = OrderColumns.Choose(settings.Order is { } given ? Column(columns, given) : null, columns, primaryKey);
        if (order is null && unique is null)
            return (null, Refuse($"{name} has neither one of {string.Join(", ", OrderColumns.LikelyNames)} nor a primary key, so nothing says which row is the oldest: name a column with --order."));
        return (
            new(relation.Oid, relation.Schema, relation.Name, columns, found, primaryKey, settings.Keep, order?.Column, order?.Reason ?? ""),
            unique is null ? null : new DedupeOutcome.NothingToDo($"{name} cannot have duplicates by {string.Join(", ", found)}: the unique index {unique} sees to it."));
    }

    private static DedupeOutcome.Refused Refuse(string why) => new(why);

    // As it is called, or as it would have to be written in SQL.
    private static string? Column(IEnumerable<string> columns, string asked) =>
        columns.FirstOrDefault(column => column == asked) ?? columns.FirstOrDefault(column => Sql.Quote(column) == asked);

    private async Task<(Relation? Found, string? Refusal)> RelationAsync(string asked, CancellationToken cancellationToken)
    {
        var all = await connection.ReadAsync("""
            SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind,
                   EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhparent, h.inhrelid)),
                   $1 IN (n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                          '"' || n.nspname || '"."' || c.relname || '"')
                   OR pg_table_is_visible(c.oid) AND $1 IN (c.relname, quote_ident(c.relname), '"' || c.relname || '"')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            """,
            reader => new Relation(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetChar(3), reader.GetBoolean(4), reader.GetBoolean(5)),
            cancellationToken, asked);
        var found = all.Where(relation => relation.Exact).ToArray();
        if (found.Length == 0)
        {
            var bare = asked.Trim('"').Split('.')[^1].Trim('"');
            var near = all.Where(relation => relation.Name.Equals(bare, StringComparison.OrdinalIgnoreCase)).Select(relation => $"{relation.Schema}.{relation.Name}").ToArray();
            return (null, $"There is no table '{asked}' here." + (near.Length == 0 ? "" : $" There is {string.Join(" and ", near)}."));
        }
        if (found.Length > 1)
            return (null, $"'{asked}' may be {string.Join(" or ", found.Select(relation => $"{Sql.Quote(relation.Schema)}.{Sql.Quote(relation.Name)}"))}: write it with its quotes.");
        return found[0] switch
        {
            { Kind: 'v' or 'm' } => (null, $"{asked} is a view: name the table it shows."),
            { Kind: 'f' } => (null, $"{asked} is a foreign table: run this where the table is."),
            { Kind: 'p' } => (null, $"{asked} is partitioned: PostgreSQL cannot build its unique index without blocking writers."),
            { Inherits: true } => (null, $"{asked} is a partition or has inheriting tables: a unique index would not span them."),
            var table => (table, null),
        };
    }

    // Fewer columns that are unique make more columns unique too.
    private async Task<string?> UniqueAlreadyAsync(Relation relation, string[] keys, CancellationToken cancellationToken) =>
        (await connection.ReadAsync("""
            SELECT i.indexrelid::regclass::text FROM pg_index i
            WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
              AND NOT EXISTS (
                SELECT FROM unnest(i.indkey) WITH ORDINALITY k (attnum, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE k.place <= i.indnkeyatts AND a.attname <> ALL ($2))
            """, reader => reader.GetString(0), cancellationToken, relation.Oid, keys)).FirstOrDefault();
}
