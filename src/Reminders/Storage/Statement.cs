using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Reminders.Storage;

/// <summary>
/// The statements that stand in files of their own, in the folder <c>Sql</c> beside the code that sends them. They are in the
/// build and not in the database, because during a rolling upgrade each node runs its own. A file is SQL, and three comments in it
/// are directions:
/// <list type="bullet">
/// <item><c>/* include Ledger/Sql/last-told.sql */</c> puts a piece in this place that several statements share.</item>
/// <item><c>/* if limited */ … /* else */ … /* end */</c> is there or not, as its sender chooses; the else may be left out.</item>
/// </list>
/// All other comments are for readers of the file, and are not sent. What is sent begins with the file's name, so that
/// <c>pg_stat_activity</c> shows which statement it is.
/// </summary>
internal static partial class Statement
{
    private const string Prefix = "sql/";

    private static readonly ConcurrentDictionary<string, string> Read = [];

    /// <summary>A statement as it is sent, the same string each time: SchemaNames and Npgsql know statements by it.</summary>
    /// <inheritdoc cref="Named(string, string[])"/>
    public static string Named(string name) => Read.GetOrAdd(name, static name => ToSend(name, []));

    /// <summary>The same, in one of its forms.</summary>
    /// <param name="name">Its path below this project, with slashes: <c>Outbox/Sql/claim.sql</c>.</param>
    /// <param name="sections">Those that are to be there.</param>
    /// <exception cref="InvalidOperationException">The file is missing, or is not as this class describes. A bug.</exception>
    public static string Named(string name, params string[] sections) =>
        sections.Length == 0 ? Named(name) : Read.GetOrAdd(string.Join(' ', [name, .. sections]), _ => ToSend(name, sections));

    /// <summary>A part of a statement that is put together by code.</summary>
    public static string Piece(string name) => Read.GetOrAdd($"piece {name}", _ => Assemble(name, [], File));

    /// <summary>Every file there is.</summary>
    internal static IEnumerable<string> Names =>
        from resource in typeof(Statement).Assembly.GetManifestResourceNames()
        where resource.StartsWith(Prefix, StringComparison.Ordinal)
        orderby resource
        select resource[Prefix.Length..];

    /// <summary>A file as it is; null when there is none.</summary>
    internal static string? File(string name)
    {
        using var file = typeof(Statement).Assembly.GetManifestResourceStream(Prefix + name);
        if (file is null)
        {
            return null;
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>What a file includes.</summary>
    internal static string[] Includes(string sql) =>
        [.. Include().Matches(WithoutComments(sql)).Select(include => include.Groups["name"].Value)];

    /// <summary>The sections that a file lets its sender choose.</summary>
    internal static string[] Sections(string sql) =>
        [.. Section().Matches(WithoutComments(sql)).Select(section => section.Groups["name"].Value).Distinct()];

    /// <summary>A file with its pieces and the chosen sections, and without comments.</summary>
    internal static string Assemble(string name, string[] chosen, Func<string, string?> file)
    {
        var whole = WithPieces(name, [], file);
        if (chosen.Except(Sections(whole)).FirstOrDefault() is { } unknown)
        {
            throw new InvalidOperationException($"The statement {name} has no section {unknown}.");
        }

        whole = Section()
            .Replace(whole, section => section.Groups[chosen.Contains(section.Groups["name"].Value) ? "then" : "otherwise"].Value);
        return Direction().Match(whole) is { Success: true, Value: var left }
            ? throw new InvalidOperationException($"The statement {name} says {left}; an include, or an if with its end, was expected.")
            : whole;
    }

    private static string ToSend(string name, string[] sections) => $"-- {name}\n{Assemble(name, sections, File)}";

    private static string WithPieces(string name, string[] includedBy, Func<string, string?> file)
    {
        if (includedBy.Contains(name))
        {
            throw new InvalidOperationException($"The statement {name} includes itself, by {string.Join(" and ", includedBy)}.");
        }

        var sql =
            file(name)
            ?? throw new InvalidOperationException(
                $"There is no statement {name} in this build{(includedBy is [.., var by] ? $", which {by} includes" : "")}: "
                    + "it is named by its path below src/Reminders, and its folder is called Sql."
            );
        return Include().Replace(WithoutComments(sql), include => WithPieces(include.Groups["name"].Value, [.. includedBy, name], file));
    }

    private static string WithoutComments(string sql) =>
        EmptyLine().Replace(Comment().Replace(sql.ReplaceLineEndings("\n"), found => found.Value[0] == '\'' ? found.Value : ""), "").Trim();

    [GeneratedRegex(@"/\* include (?<name>\S+) \*/")]
    private static partial Regex Include();

    // It may be a word of a line or many lines. One inside another would be more than a reader should have to sort out.
    [GeneratedRegex(
        """
            /\*\ if\ (?<name>\w+)\ \*/ (?<then>(?:(?!/\*).|/\*\ include\ \S+\ \*/)*)
            (?:/\*\ else\ \*/ (?<otherwise>(?:(?!/\*).|/\*\ include\ \S+\ \*/)*))? /\*\ end\ \*/
            """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Section();

    // Or a literal, in which two dashes are no comment.
    [GeneratedRegex(@"'(?:[^']|'')*'|--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"/\*.*?\*/")]
    private static partial Regex Direction();

    [GeneratedRegex(@"^[ \t]*\n", RegexOptions.Multiline)]
    private static partial Regex EmptyLine();
}
