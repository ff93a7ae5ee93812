using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// What was typed as an expression, as PostgreSQL understood it. It is made a part of an index on an empty copy of the table, in
/// a transaction that is rolled back; what comes back from the catalogue is one expression over one row, with a schema before
/// every name and operator, and no longer anything that was typed. A text that goes on behind its expression does not get that far.
/// </summary>
internal sealed class TableShape(NpgsqlConnection connection, string table)
{
    private const string Copy = "pg_temp.dedupe_shape";
    private const string Index = "dedupe_shape_index";

    public sealed record Result(IReadOnlyList<DedupeKey> Keys, string? Where, string? Prefer, string? Predicate);

    /// <param name="keys">What each is called, its SQL, and whether it is a column.</param>
    /// <returns>What PostgreSQL made of it; or, as a sentence, what it refuses.</returns>
    public async Task<(Result? Shape, string? Refusal)> ReadAsync(
        IReadOnlyList<(string Name, string Sql, bool IsColumn)> keys,
        DedupeSettings settings,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var asked = "--keys";
        try
        {
            await OneAsync($"CREATE TEMP TABLE dedupe_shape (LIKE {table})", cancellationToken);
            foreach (var key in keys)
            {
                asked = $"--keys {key.Name}";
                await OneAsync($"CREATE INDEX ON {Copy} (({key.Sql}))", cancellationToken);
            }
            await OneAsync(
                $"CREATE INDEX {Index} ON {Copy} ({string.Join(", ", keys.Select(key => key.IsColumn ? key.Sql : $"({key.Sql})"))})",
                cancellationToken
            );
            var read = await KeysAsync(keys, cancellationToken);
            if (read is null)
            {
                return (null, $"--keys {string.Join(", ", keys.Select(key => key.Name))} cannot be used: each must be one expression.");
            }

            asked = $"--where {settings.Where}";
            var where = await ConditionAsync("dedupe_where", settings.Where, cancellationToken);
            asked = $"--prefer {settings.Prefer}";
            var prefer = await ConditionAsync("dedupe_prefer", settings.Prefer, cancellationToken);
            asked = settings.Where is null ? "--keys" : $"--where {settings.Where}";
            return (new(read, where, prefer, await PredicateAsync(read, where, settings, cancellationToken)), null);
        }
        catch (PostgresException exception) when (exception.SqlState is not PostgresErrorCodes.InsufficientPrivilege)
        {
            return (null, $"{asked} cannot be used: {exception.MessageText}.");
        }
    }

    private async Task<IReadOnlyList<DedupeKey>?> KeysAsync(
        IReadOnlyList<(string Name, string Sql, bool IsColumn)> keys,
        CancellationToken cancellationToken
    )
    {
        // Without a path PostgreSQL writes the schema before every name that is not its own.
        await connection.ExecuteAsync("SET LOCAL search_path = ''", cancellationToken);
        var read = await connection.ReadAsync(
            CliStatement.Named("Dedupe/Sql/keys.sql"),
            reader => (Expression: reader.GetString(0), IsText: reader.GetBoolean(1), Equality: reader.GetString(2)),
            cancellationToken,
            Index
        );
        return read.Count != keys.Count
            ? null
            : [.. keys.Zip(read, (key, one) => new DedupeKey(key.Name, one.Expression, key.IsColumn, one.IsText, one.Equality))];
    }

    private async Task<string?> ConditionAsync(string constraint, string? condition, CancellationToken cancellationToken)
    {
        if (condition is null)
        {
            return null;
        }
        // Read on the caller's path, written without one.
        await connection.ExecuteAsync("RESET search_path", cancellationToken);
        await OneAsync($"ALTER TABLE {Copy} ADD CONSTRAINT {constraint} CHECK ({condition})", cancellationToken);
        await connection.ExecuteAsync("SET LOCAL search_path = ''", cancellationToken);
        return (
            await connection.ReadAsync(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = 'pg_temp.dedupe_shape'::regclass "
                    + "AND conname = $1",
                reader => reader.GetString(0),
                cancellationToken,
                constraint
            )
        )[0];
    }

    /// <summary>Which rows the index covers. NULLs repeat by themselves; what is empty has to be left out.</summary>
    private async Task<string?> PredicateAsync(
        IReadOnlyList<DedupeKey> keys,
        string? where,
        DedupeSettings settings,
        CancellationToken cancellationToken
    )
    {
        if (!settings.MakesIndex)
        {
            return null;
        }

        var there = settings.NullsEqual
            ? $"({string.Join(" OR ", keys.Select(key => $"({DedupeTable.IsThere(key, settings)})"))})"
            : string.Join(
                " AND ",
                keys.Where(key => key.IsText && !settings.EmptyCounts).Select(key => $"({key.Expression})::text OPERATOR(pg_catalog.<>) ''")
            );
        var whole = DedupeTable.And(where, there.Length == 0 ? null : there);
        if (whole.Length == 0)
        {
            return null;
        }

        await OneAsync(
            $"CREATE INDEX dedupe_shape_part ON {Copy} "
                + $"({string.Join(", ", keys.Select(key => key.IsColumn ? key.Expression : $"({key.Expression})"))}) WHERE {whole}",
            cancellationToken
        );
        return (
            await connection.ReadAsync(
                "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'pg_temp.dedupe_shape_part'::regclass",
                reader => reader.GetString(0),
                cancellationToken
            )
        )[0];
    }

    // A batch's command goes to the server as it is: it takes one statement, and refuses two.
    private async Task OneAsync(string sql, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(sql) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
