using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// Puts archived rows back, batch by batch, as they were, and makes what was repointed point at them again. The unique index of
/// ours goes first, since it would refuse them.
/// </summary>
internal sealed class Undo(NpgsqlConnection connection, long oid, string schema, string name, string quoted, int batch)
{
    private string Table => $"{Sql.Quote(schema)}.{Sql.Quote(name)}";
    private string Archive => $"{Sql.Quote(schema)}.{Sql.Quote(Sql.Fit(name, "_duplicates"))}";

    /// <returns>How many rows wait in the archive; null when there is none.</returns>
    public async Task<long?> WaitingAsync(CancellationToken cancellationToken) =>
        await connection.CountAsync("SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)", cancellationToken, Archive) == 0
            ? null
            : await connection.CountAsync($"SELECT count(*) FROM {Archive}", cancellationToken);

    public Task<List<string>> IndexesAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync(
            """
            SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = $1 AND i.indisunique AND obj_description(c.oid, 'pg_class') = $2 ORDER BY 1
            """,
            reader => reader.GetString(0),
            cancellationToken,
            oid,
            UniqueIndex.Mark
        );

    public async Task<DedupeOutcome> RunAsync(IDedupeProgress progress, CancellationToken cancellationToken)
    {
        var indexes = await IndexesAsync(cancellationToken);
        foreach (var index in indexes)
        {
            await connection.ExecuteAsync($"DROP INDEX CONCURRENTLY {Sql.Quote(schema)}.{Sql.Quote(index)}", cancellationToken);
        }

        var columns = await connection.ReadAsync(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped AND attgenerated "
                + "= '' ORDER BY attnum",
            reader => reader.GetString(0),
            cancellationToken,
            oid
        );
        var references = await References.OfAsync(connection, oid, cancellationToken);
        var (sum, total) = (0L, await WaitingAsync(cancellationToken) ?? 0);
        while (true)
        {
            try
            {
                var returned = await BatchAsync(columns, references, cancellationToken);
                if (returned == 0)
                {
                    break;
                }

                progress.Moved(sum += returned, total);
            }
            catch (PostgresException exception) when (exception.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                return new DedupeOutcome.Refused(
                    $"{sum} rows were put back; then one could not be: {exception.MessageText} ({exception.Detail}). The "
                        + $"rest stays in {Archive}."
                );
            }
            cancellationToken.ThrowIfCancellationRequested();
        }
        await connection.ExecuteAsync($"DROP TABLE {Archive}", cancellationToken);
        return new DedupeOutcome.Undone(sum, indexes);
    }

    private async Task<int> BatchAsync(
        IReadOnlyList<string> columns,
        IReadOnlyList<Reference> references,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A row that points within its own table waits for what it points at; rows that point at each other go together.
        var own = references
            .Where(reference => reference.Table == quoted)
            .Select(reference =>
                $"({string.Join(" OR ", reference.Columns.Select(column => $"a.{Sql.Quote(column.From)} IS NULL"))} OR "
                + $"EXISTS (SELECT FROM {Table} t WHERE "
                + $"{string.Join(" AND ", reference.Columns.Select(column => $"t.{Sql.Quote(column.To)} = a.{Sql.Quote(column.From)}"))}))"
            );
        var rows = await PlacesAsync(
            $"WHERE {string.Join(" AND ", own.DefaultIfEmpty("true"))} ORDER BY archived_at, ctid LIMIT {batch}",
            cancellationToken
        );
        if (rows.Count == 0)
        {
            rows = await PlacesAsync("", cancellationToken);
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        var list = string.Join(", ", columns.Select(Sql.Quote));
        string[] these = [.. rows];
        await RunAsync(
            $"INSERT INTO {Table} ({list}) OVERRIDING SYSTEM VALUE SELECT {list} FROM {Archive} WHERE ctid = ANY ($1::text[]::tid[])",
            these,
            cancellationToken
        );
        foreach (var reference in references.Where(reference => reference.PrimaryKey.Count > 0))
        {
            await RunAsync(
                $"""
                UPDATE {reference.Table} r SET {string.Join(
                    ", ",
                    reference.Columns.Select(column => $"{Sql.Quote(column.From)} = a.{Sql.Quote(column.To)}")
                )}
                FROM {Archive} a, jsonb_array_elements(a.repointed -> {Sql.Literal(reference.Label)}) AS named (row)
                WHERE a.ctid = ANY ($1::text[]::tid[]) AND {reference.Name("r")} = named.row
                """,
                these,
                cancellationToken
            );
        }
        await RunAsync($"DELETE FROM {Archive} WHERE ctid = ANY ($1::text[]::tid[])", these, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return these.Length;
    }

    private Task<List<string>> PlacesAsync(string which, CancellationToken cancellationToken) =>
        connection.ReadAsync($"SELECT ctid::text FROM {Archive} a {which} FOR UPDATE", reader => reader.GetString(0), cancellationToken);

    private async Task RunAsync(string sql, string[] rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = rows });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
