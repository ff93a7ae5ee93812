using static Reminders.Cli.Dedupe.Sql;

namespace Reminders.Cli.Dedupe;

/// <summary>The table as the catalogue has it. Every name in it exists; <see cref="Sql.Quote"/> makes it safe to write.</summary>
/// <param name="OrderBy">The column that tells old from new; null: the primary key does.</param>
/// <param name="OrderReason">Why that one, for people.</param>
internal sealed record DedupeTable(
    long Oid, string Schema, string Name, IReadOnlyList<string> Columns, IReadOnlyList<string> Keys, IReadOnlyList<string> PrimaryKey,
    Keep Keep, string? OrderBy, string OrderReason)
{
    public string Sql => $"{Quote(Schema)}.{Quote(Name)}";

    public string ArchiveName => Fit(Name, "_duplicates");

    public string Archive => $"{Quote(Schema)}.{Quote(ArchiveName)}";

    public string IndexName => Fit($"{Name}_{string.Join('_', Keys)}", "_unique");

    public string Index => $"{Quote(Schema)}.{Quote(IndexName)}";

    public string KeyList => string.Join(", ", Keys.Select(Quote));

    /// <summary>The keys of the row <paramref name="alias"/>.</summary>
    public string KeysOf(string alias) => string.Join(", ", Keys.Select(key => $"{alias}.{Quote(key)}"));

    /// <summary>UNIQUE lets NULLs repeat, so a row with one is no duplicate.</summary>
    public string KeysPresent(string alias) => string.Join(" AND ", Keys.Select(key => $"{alias}.{Quote(key)} IS NOT NULL"));

    /// <summary>
    /// Who is kept comes first. Equal ages are told apart by primary key, then by place, so that every look at the same rows
    /// chooses the same; a row of unknown age is never preferred.
    /// </summary>
    public string Ordering(string alias)
    {
        var direction = Keep == Keep.Oldest ? "ASC" : "DESC";
        IEnumerable<string> columns = [.. OrderBy is null ? [] : new[] { OrderBy }, .. PrimaryKey.Where(column => column != OrderBy)];
        return string.Join(", ", columns.Select(column => $"{alias}.{Quote(column)} {direction} NULLS LAST").Append($"{alias}.ctid {direction}"));
    }

    /// <summary>How a kept row is named for people and in the archive: its primary key, or its keys and age where it has none.</summary>
    public string Describe(string alias)
    {
        IEnumerable<string> columns = PrimaryKey.Count > 0 ? PrimaryKey : [.. Keys, OrderBy!];
        return $"jsonb_build_object({string.Join(", ", columns.Select(column => $"{Literal(column)}, {alias}.{Quote(column)}"))})::text";
    }
}
