using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// Finds what a person named, in the catalogue and nowhere else: nothing that was typed ever becomes part of a statement, only
/// names that PostgreSQL itself returned, quoted.
/// </summary>
internal sealed class TableCatalog(NpgsqlConnection connection)
{
    private sealed record Relation(long Oid, string Schema, string Name, char Kind, bool Inherits, bool Exact, string Quoted);

    /// <returns>The table, or what stands in the way; both when there is nothing to do.</returns>
    public async Task<(DedupeTable? Table, DedupeOutcome? Outcome)> FindAsync(DedupeSettings settings, CancellationToken cancellationToken)
    {
        var (relation, refusal) = await RelationAsync(settings.Table, cancellationToken);
        if (relation is null)
        {
            return (null, Refuse(refusal!));
        }

        var columns = await connection.ReadAsync(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            reader => reader.GetString(0),
            cancellationToken,
            relation.Oid
        );
        var name = $"{relation.Schema}.{relation.Name}";
        var asked = Asked(settings.Keys, columns).Distinct().ToArray();
        foreach (var column in asked.Where(key => !key.IsColumn).Select(key => key.Name).Where(IsName).Append(settings.Order ?? columns[0]))
        {
            if (Column(columns, column) is null)
            {
                return (null, Refuse($"{name} has no column '{column}'. It has: {string.Join(", ", columns)}."));
            }
        }
        if (asked.Length == 0)
        {
            return (null, Refuse("--keys names no column."));
        }

        if (settings is { Within: not null, Keep: Keep.Newest })
        {
            return (null, Refuse("--within and --keep newest contradict each other: a window begins with its oldest row."));
        }

        var (shape, refused) = await new TableShape(connection, $"{Sql.Quote(relation.Schema)}.{Sql.Quote(relation.Name)}").ReadAsync(
            asked,
            settings,
            cancellationToken
        );
        if (shape is null)
        {
            return (null, Refuse(refused!));
        }

        var primaryKey = await connection.ReadAsync(
            """
            SELECT a.attname::text FROM pg_index i
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = $1 AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place
            """,
            reader => reader.GetString(0),
            cancellationToken,
            relation.Oid
        );
        var order = OrderColumns.Choose(settings.Order is { } given ? Column(columns, given) : null, columns, primaryKey);
        var unique = settings.Within is null ? await UniqueAlreadyAsync(relation, shape, settings, cancellationToken) : null;
        if (order is null && unique is null)
        {
            return (
                null,
                Refuse(
                    $"{name} has neither one of {string.Join(", ", OrderColumns.LikelyNames)} nor a primary key, so nothing "
                        + "says which row is the oldest: name a column with --order."
                )
            );
        }

        var category = order?.Column is { } by ? await CategoryAsync(relation, by, cancellationToken) : ' ';
        if (settings.Within is not null && category is not ('D' or 'N'))
        {
            return (
                null,
                Refuse(
                    "--within needs a column that tells a time, or seconds: name it with "
                        + $"--by{(order?.Column is { } other ? $" ({other} is neither)" : "")}."
                )
            );
        }

        var table = new DedupeTable(
            relation.Oid,
            relation.Schema,
            relation.Name,
            columns,
            shape.Keys,
            primaryKey,
            shape.Where,
            shape.Prefer,
            shape.Predicate,
            settings,
            order?.Column,
            category == 'D',
            order?.Reason ?? ""
        )
        {
            Reference = relation.Quoted,
        };
        return (
            table,
            unique is null
                ? null
                : new DedupeOutcome.NothingToDo($"{name} cannot have duplicates by {table.KeyNames}: the unique index {unique} sees to it.")
        );
    }

    /// <summary>Each key as a column where there is one of that name, and otherwise as the expression it is.</summary>
    private static IEnumerable<(string Name, string Sql, bool IsColumn)> Asked(
        IReadOnlyList<string> given,
        IReadOnlyList<string> columns
    ) =>
        from whole in given
        from key in Column(columns, whole) is null ? KeyList.Split(whole) : [whole]
        let column = Column(columns, key)
        select column is null ? (key, key, false) : (column, Sql.Quote(column), true);

    // A name and nothing else was meant as a column.
    private static bool IsName(string key) => key.All(c => char.IsLetterOrDigit(c) || c is '_' or '"');

    private async Task<char> CategoryAsync(Relation relation, string column, CancellationToken cancellationToken) =>
        (
            await connection.ReadAsync(
                """
                SELECT t.typcategory FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1 AND a.attname = $2
                """,
                reader => reader.GetChar(0),
                cancellationToken,
                relation.Oid,
                column
            )
        )[0];

    /// <summary>The table of that name alone.</summary>
    public async Task<((long Oid, string Schema, string Name, string Quoted)? Table, string? Refusal)> NamedAsync(
        string asked,
        CancellationToken cancellationToken
    )
    {
        var (relation, refusal) = await RelationAsync(asked, cancellationToken);
        return relation is null ? (null, refusal) : ((relation.Oid, relation.Schema, relation.Name, relation.Quoted), null);
    }

    private static DedupeOutcome.Refused Refuse(string why) => new(why);

    // As it is called, or as it would have to be written in SQL.
    private static string? Column(IEnumerable<string> columns, string asked) =>
        columns.FirstOrDefault(column => column == asked) ?? columns.FirstOrDefault(column => Sql.Quote(column) == asked);

    private async Task<(Relation? Found, string? Refusal)> RelationAsync(string asked, CancellationToken cancellationToken)
    {
        var all = await connection.ReadAsync(
            """
            SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind,
                   EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhparent, h.inhrelid)),
                   $1 IN (n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                          '"' || n.nspname || '"."' || c.relname || '"')
                   OR pg_table_is_visible(c.oid) AND $1 IN (c.relname, quote_ident(c.relname), '"' || c.relname || '"'),
                   format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            """,
            reader => new Relation(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetChar(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                reader.GetString(6)
            ),
            cancellationToken,
            asked
        );
        var found = all.Where(relation => relation.Exact).ToArray();
        if (found.Length == 0)
        {
            var bare = asked.Trim('"').Split('.')[^1].Trim('"');
            var near = all.Where(relation => relation.Name.Equals(bare, StringComparison.OrdinalIgnoreCase))
                .Select(relation => $"{relation.Schema}.{relation.Name}")
                .ToArray();
            return (null, $"There is no table '{asked}' here." + (near.Length == 0 ? "" : $" There is {string.Join(" and ", near)}."));
        }
        if (found.Length > 1)
        {
            var names = found.Select(relation => $"{Sql.Quote(relation.Schema)}.{Sql.Quote(relation.Name)}");
            return (null, $"'{asked}' may be {string.Join(" or ", names)}: write it with its quotes.");
        }

        return found[0] switch
        {
            { Kind: 'v' or 'm' } => (null, $"{asked} is a view: name the table it shows."),
            { Kind: 'f' } => (null, $"{asked} is a foreign table: run this where the table is."),
            { Kind: 'p' } => (null, $"{asked} is partitioned: PostgreSQL cannot build its unique index without blocking writers."),
            { Inherits: true } => (null, $"{asked} is a partition or has inheriting tables: a unique index would not span them."),
            var table => (table, null),
        };
    }

    // Fewer expressions that are unique make more of them unique too; so does an index over more rows than are asked for.
    private async Task<string?> UniqueAlreadyAsync(
        Relation relation,
        TableShape.Result shape,
        DedupeSettings settings,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SET LOCAL search_path = ''", cancellationToken);
        return (
            await connection.ReadAsync(
                """
                SELECT i.indexrelid::regclass::text FROM pg_index i
                WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate
                  AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = $3)
                  AND (i.indnullsnotdistinct OR NOT $4)
                  AND NOT EXISTS (
                    SELECT FROM generate_series(1, i.indnkeyatts) AS place
                    WHERE pg_get_indexdef(i.indexrelid, place, false) <> ALL ($2))
                """,
                reader => reader.GetString(0),
                cancellationToken,
                relation.Oid,
                shape.Keys.Select(key => key.Expression).ToArray(),
                shape.Predicate ?? "",
                settings.NullsEqual
            )
        ).FirstOrDefault();
    }
}
