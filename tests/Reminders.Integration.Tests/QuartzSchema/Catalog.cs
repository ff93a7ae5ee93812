using Npgsql;

namespace Reminders.Integration.Tests.QuartzSchema;

/// <summary>
/// What pg_catalog says of the schema <c>quartz</c>, by name. Columns are compared by name and not by position, and keys
/// by definition and not by name: both are PostgreSQL's business or the script's taste, and nothing depends on them.
/// </summary>
internal sealed class Catalog
{
    private const string Sql = """
        SELECT 'table ' || relname, 'exists'
        FROM pg_class WHERE relnamespace = 'quartz'::regnamespace AND relkind = 'r'
        UNION ALL
        SELECT 'column ' || c.relname || '.' || a.attname,
               format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
               || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'quartz'::regnamespace AND c.relkind = 'r'
        UNION ALL
        SELECT 'constraint on ' || c.relname || ': ' || pg_get_constraintdef(k.oid), 'exists'
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.connamespace = 'quartz'::regnamespace
        UNION ALL
        SELECT 'index ' || i.relname, pg_get_indexdef(i.oid)
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE i.relnamespace = 'quartz'::regnamespace AND NOT x.indisprimary
        """;

    private readonly SortedDictionary<string, string> _items = new(StringComparer.Ordinal);

    public int Tables => _items.Keys.Count(name => name.StartsWith("table ", StringComparison.Ordinal));

    public static async Task<Catalog> OfAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync();
        var catalog = new Catalog();
        while (await reader.ReadAsync())
        {
            catalog._items.Add(reader.GetString(0), reader.GetString(1));
        }

        return catalog;
    }

    /// <summary>One sentence per difference; empty when the two are alike.</summary>
    public IReadOnlyList<string> DifferencesFrom(Catalog quartz) =>
        [
            .. quartz._items.Keys.Except(_items.Keys).Select(name => $"Quartz has, we lack: {name} ({quartz._items[name]})"),
            .. _items.Keys.Except(quartz._items.Keys).Select(name => $"we have, Quartz lacks: {name} ({_items[name]})"),
            .. _items
                .Keys.Intersect(quartz._items.Keys)
                .Where(name => _items[name] != quartz._items[name])
                .Select(name => $"{name}: Quartz has '{quartz._items[name]}', we have '{_items[name]}'"),
        ];
}
