using Npgsql;

namespace Reminders.Cli.Dedupe;

internal enum IndexState
{
    Missing,

    /// <summary>A build that failed early, or was killed: enforces nothing.</summary>
    NotReady,

    /// <summary>Invalid for queries, but every new row must pass it: a build that failed in its last phase.</summary>
    Ready,
    Valid,
}

/// <summary>What the catalogue says of an index of the table by name, and the statements that change it without blocking writers.</summary>
internal static class IndexOnTable
{
    public static async Task<IndexState> StateAsync(
        NpgsqlConnection connection,
        DedupeTable table,
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.ReadAsync(
                """
                SELECT i.indisready, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE i.indrelid = $1 AND c.relname = $2
                """,
                reader => (Ready: reader.GetBoolean(0), Valid: reader.GetBoolean(1)),
                cancellationToken,
                table.Oid,
                name
            )
        ) switch
        {
            [] => IndexState.Missing,
            [(_, true)] => IndexState.Valid,
            [(true, _)] => IndexState.Ready,
            _ => IndexState.NotReady,
        };

    public static Task DropAsync(NpgsqlConnection connection, DedupeTable table, string name, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"DROP INDEX CONCURRENTLY IF EXISTS {Sql.Quote(table.Schema)}.{Sql.Quote(name)}", cancellationToken);
}
