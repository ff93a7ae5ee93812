using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>The constraint itself, built while writers write.</summary>
internal sealed class UniqueIndex(NpgsqlConnection connection, DedupeTable table)
{
    /// <summary>How <c>--undo</c> knows an index of ours.</summary>
    public const string Mark = "made by reminders dedupe";

    public static string Create(DedupeTable table) =>
        $"CREATE UNIQUE INDEX CONCURRENTLY {Sql.Quote(table.IndexName)} ON {table.Sql} ({table.KeyList})"
        + (table.Settings.NullsEqual ? " NULLS NOT DISTINCT" : "")
        + (table.Predicate is { } rows ? $" WHERE {rows}" : "");

    /// <returns>False: a duplicate came in between, and what the build left is either gone or already enforces.</returns>
    public async Task<bool> TryBuildAsync(CancellationToken cancellationToken)
    {
        var state = await IndexOnTable.StateAsync(connection, table, table.IndexName, cancellationToken);
        if (state == IndexState.Valid)
        {
            return true;
        }

        if (state == IndexState.NotReady)
        {
            await IndexOnTable.DropAsync(connection, table, table.IndexName, cancellationToken);
        }

        try
        {
            // One that is ready rejects new duplicates already; dropping it would let them in again.
            await connection.ExecuteAsync(
                state == IndexState.Ready ? $"REINDEX INDEX CONCURRENTLY {table.Index}" : Create(table),
                cancellationToken
            );
            if (
                await connection.CountAsync("SELECT count(obj_description(to_regclass($1), 'pg_class'))", cancellationToken, table.Index)
                == 0
            )
            {
                await connection.ExecuteAsync($"COMMENT ON INDEX {table.Index} IS {Sql.Literal(Mark)}", cancellationToken);
            }

            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            if (await IndexOnTable.StateAsync(connection, table, table.IndexName, cancellationToken) == IndexState.NotReady)
            {
                await IndexOnTable.DropAsync(connection, table, table.IndexName, cancellationToken);
            }

            return false;
        }
        finally
        {
            await DropReindexedAsync();
        }
    }

    // A REINDEX CONCURRENTLY that failed leaves its half-built twin, which every writer would go on paying for.
    private async Task DropReindexedAsync()
    {
        if (connection.FullState != System.Data.ConnectionState.Open)
        {
            return;
        }

        var left = await connection.ReadAsync(
            """
            SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = $1 AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)\d*$' AND starts_with(c.relname::text, $2)
            """,
            reader => reader.GetString(0),
            CancellationToken.None,
            table.Oid,
            Sql.Start(table.IndexName)
        );
        foreach (var name in left)
        {
            await IndexOnTable.DropAsync(connection, table, name, CancellationToken.None);
        }
    }
}
