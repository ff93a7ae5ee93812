using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using static Reminders.Cli.Dedupe.Sql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// The table as the catalogue has it, and the rows of it that are compared. Every name in it exists, quoted by
/// <see cref="Sql.Quote"/>; every expression is one that PostgreSQL parsed and wrote down itself (<see cref="TableShape"/>).
/// </summary>
/// <param name="Where">Which rows are looked at; null: all.</param>
/// <param name="Prefer">Which of several is kept, before its age counts; null: its age alone.</param>
/// <param name="Predicate">Which rows the index covers; null: all.</param>
/// <param name="OrderBy">The column that tells old from new; null: the primary key does.</param>
/// <param name="OrderIsTime">Whether that column is a time, and not a number of seconds.</param>
/// <param name="OrderReason">Why that one, for people.</param>
internal sealed partial record DedupeTable(
    long Oid,
    string Schema,
    string Name,
    IReadOnlyList<string> Columns,
    IReadOnlyList<DedupeKey> Keys,
    IReadOnlyList<string> PrimaryKey,
    string? Where,
    string? Prefer,
    string? Predicate,
    DedupeSettings Settings,
    string? OrderBy,
    bool OrderIsTime,
    string OrderReason
)
{
    public Keep Keep => Settings.Keep;

    public string Sql => $"{Quote(Schema)}.{Quote(Name)}";

    /// <summary>As the catalogue's own quoting writes it, to be compared with a foreign key's table.</summary>
    public required string Reference { get; init; }

    public string ArchiveName => Fit(Name, "_duplicates");

    public string Archive => $"{Quote(Schema)}.{Quote(ArchiveName)}";

    /// <summary>The same keys under another condition are another index, so a hash tells them apart.</summary>
    public string IndexName => Fit($"{Name}_{KeyWords}", $"{Condition}_unique");

    public string LookupName => Fit($"{Name}_{KeyWords}", $"{Condition}_dedupe");

    public string Index => $"{Quote(Schema)}.{Quote(IndexName)}";

    public string KeyNames => string.Join(", ", Keys.Select(key => key.Name));

    /// <summary>As an index takes them.</summary>
    public string KeyList => string.Join(", ", Keys.Select(key => key.IsColumn ? key.Expression : $"({key.Expression})"));

    /// <summary>What a group's rows are found by. NULLs that are equal have no equality an index could use, but their row has a
    /// hash.</summary>
    public string LookupList => Settings.NullsEqual ? $"({Hash})" : KeyList;

    private string KeyWords => string.Join('_', Keys.Select(key => key.IsColumn ? key.Name : NoLetter().Replace(key.Name, "_").Trim('_')));

    private string Condition =>
        Settings.Where is null && Keys.All(key => key.IsColumn) && !Settings.NullsEqual && !Settings.EmptyCounts
            ? ""
            : "_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{KeyList} {Settings.NullsEqual} {Predicate}")))[..8];

    private string Hash => $"pg_catalog.hash_record_extended(ROW({string.Join(", ", Keys.Select(key => key.Expression))}), 0)";

    /// <summary>
    /// The rows that can be duplicates, as a table for FROM: their columns, their place (dedupe_at), their keys
    /// (dedupe_key_1 …), and whether they are preferred.
    /// </summary>
    public string Source =>
        $"""
            (SELECT t.ctid AS dedupe_at, t.*, {string.Join(", ", Keys.Select((key, i) => $"({key.Expression}) AS dedupe_key_{i + 1}"))}{(
                Settings.NullsEqual ? $", {Hash} AS dedupe_hash" : ""
            )}, ({Prefer ?? "true"}) IS TRUE AS dedupe_preferred
             FROM {Sql} t WHERE {Counted})
            """;

    /// <summary>Which rows are looked at and have a key.</summary>
    public string Counted => And(Where, Present, Settings.Within is null ? null : $"{Quote(OrderBy!)} IS NOT NULL");

    /// <summary>UNIQUE lets NULLs repeat, so a row with one is no duplicate; an empty text says the same in other words.</summary>
    public string Present =>
        Settings.NullsEqual ? $"({string.Join(" OR ", Keys.Select(IsThere))})" : string.Join(" AND ", Keys.Select(IsThere));

    /// <summary>The keys of the row <paramref name="alias"/> of the source, separated by commas.</summary>
    public string KeysOf(string alias) => string.Join(", ", KeyColumns.Select(key => $"{alias}.{key}"));

    public IEnumerable<string> KeyColumns =>
        [
            .. Keys.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"dedupe_key_{i + 1}")),
            .. Settings.NullsEqual ? ["dedupe_hash"] : Array.Empty<string>(),
        ];

    /// <summary>Whether two rows have the same keys, as the index sees it.</summary>
    public string Same(string left, string right) =>
        string.Join(
            " AND ",
            Keys.Select(
                    (key, i) =>
                        Settings.NullsEqual
                            ? $"({left}.dedupe_key_{i + 1} {key.Equality} {right}.dedupe_key_{i + 1} OR "
                                + $"{left}.dedupe_key_{i + 1} IS NULL "
                                + $"AND {right}.dedupe_key_{i + 1} IS NULL)"
                            : $"{left}.dedupe_key_{i + 1} {key.Equality} {right}.dedupe_key_{i + 1}"
                )
                .Prepend(Settings.NullsEqual ? $"{left}.dedupe_hash = {right}.dedupe_hash" : null)
                .Where(part => part is not null)
        );

    /// <summary>
    /// The rows <paramref name="from"/> with the window each is in (dedupe_window): with <see cref="DedupeSettings.Within"/> it
    /// begins with the first row, and again with the first one that is far enough from the beginning of the last.
    /// </summary>
    public string Windowed(string from, string partition) =>
        Settings.Within is { } within
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT m.*, pg_temp.dedupe_window({Seconds("m")}, {within.TotalSeconds}) OVER (PARTITION BY "
                    + $"{partition} "
                    + $"ORDER BY {Age("m", "ASC")} ROWS UNBOUNDED PRECEDING) AS dedupe_window FROM {from} m"
            )
            : $"SELECT m.*, 0 AS dedupe_window FROM {from} m";

    /// <summary>
    /// Who is kept comes first. Equal ages are told apart by primary key, then by place, so that every look at the same rows
    /// chooses the same; a row of unknown age is never preferred.
    /// </summary>
    public string Ordering(string alias) => $"{alias}.dedupe_preferred DESC, {Age(alias, Keep == Keep.Oldest ? "ASC" : "DESC")}";

    /// <summary>How a kept row is named for people and in the archive: its primary key, or its keys and age where it has none.</summary>
    public string Describe(string alias)
    {
        IEnumerable<(string Name, string Column)> columns =
            PrimaryKey.Count > 0
                ? PrimaryKey.Select(column => (column, Quote(column)))
                : Keys.Select((key, i) => (key.Name, $"dedupe_key_{i + 1}")).Append((OrderBy!, Quote(OrderBy!)));
        var pairs = columns.Select(column => $"{Literal(column.Name)}, {alias}.{column.Column}");
        return $"jsonb_build_object({string.Join(", ", pairs)})::text";
    }

    private string Age(string alias, string direction)
    {
        IEnumerable<string> columns = [.. OrderBy is null ? [] : new[] { OrderBy }, .. PrimaryKey.Where(column => column != OrderBy)];
        return string.Join(
            ", ",
            columns.Select(column => $"{alias}.{Quote(column)} {direction} NULLS LAST").Append($"{alias}.dedupe_at {direction}")
        );
    }

    private string Seconds(string alias) =>
        OrderIsTime ? $"extract(epoch FROM {alias}.{Quote(OrderBy!)})::float8" : $"{alias}.{Quote(OrderBy!)}::float8";

    private string IsThere(DedupeKey key) => IsThere(key, Settings);

    /// <summary>Whether a row has this part of the key at all.</summary>
    public static string IsThere(DedupeKey key, DedupeSettings settings) =>
        key.IsText && !settings.EmptyCounts
            ? $"({key.Expression}) IS NOT NULL AND ({key.Expression})::text OPERATOR(pg_catalog.<>) ''"
            : $"({key.Expression}) IS NOT NULL";

    public static string And(params string?[] conditions) =>
        string.Join(" AND ", conditions.Where(condition => condition is not null).Select(condition => $"({condition})"));

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NoLetter();
}
