using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// A plain index on the keys, for as long as the run takes: it finds a group's rows without reading the table, which makes each
/// batch short. One that is there already does as well.
/// </summary>
internal sealed class LookupIndex(NpgsqlConnection connection, DedupeTable table)
{
    public static string Create(DedupeTable table) =>
        $"CREATE INDEX CONCURRENTLY {Sql.Quote(table.LookupName)} ON {table.Sql} ({table.LookupList})";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var state = await IndexOnTable.StateAsync(connection, table, table.LookupName, cancellationToken);
        if (state == IndexState.Valid || state == IndexState.Missing && await HasAnotherAsync(cancellationToken))
        {
            return;
        }

        if (state != IndexState.Missing)
        {
            await IndexOnTable.DropAsync(connection, table, table.LookupName, cancellationToken);
        }

        await connection.ExecuteAsync(Create(table), cancellationToken);
    }

    public Task DropAsync(CancellationToken cancellationToken) =>
        IndexOnTable.DropAsync(connection, table, table.LookupName, cancellationToken);

    /// <summary>Is there an index of the table's own that begins with the keys, in any order?</summary>
    public async Task<bool> HasAnotherAsync(CancellationToken cancellationToken) =>
        !table.Settings.NullsEqual
        && table.Keys.All(key => key.IsColumn)
        && await connection.CountAsync(
            """
            SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
            WHERE i.indrelid = $1 AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree' AND c.relname <> $3
              AND (SELECT array_agg(a.attname::text ORDER BY a.attname::text)
                   FROM unnest(i.indkey) WITH ORDINALITY k (attnum, place)
                   JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                   WHERE k.place <= least(i.indnkeyatts, cardinality($2)))
                = ARRAY(SELECT unnest($2::text[]) ORDER BY 1)
            """,
            cancellationToken,
            table.Oid,
            table.Keys.Select(key => key.Name).ToArray(),
            table.LookupName
        ) > 0;
}
