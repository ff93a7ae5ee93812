using System.Text.RegularExpressions;

namespace Reminders.Storage;

/// <summary>
/// How a statement is put together from files. A file is SQL, and three comments in it are directions:
/// <list type="bullet">
/// <item><c>/* include Ledger/Sql/last-told.sql */</c> puts a piece in this place that several statements share.</item>
/// <item><c>/* if limited */ … /* else */ … /* end */</c> is there or not, as its sender chooses; the else may be left out.</item>
/// </list>
/// All other comments are for readers of the file, and are not sent.
/// </summary>
internal static partial class StatementText
{
    /// <summary>What a file includes.</summary>
    public static string[] Includes(string sql) =>
        [.. Include().Matches(WithoutComments(sql)).Select(include => include.Groups["name"].Value)];

    /// <summary>The sections that a file lets its sender choose.</summary>
    public static string[] Sections(string sql) =>
        [.. Section().Matches(WithoutComments(sql)).Select(section => section.Groups["name"].Value).Distinct()];

    /// <summary>A file with its pieces and the chosen sections, and without comments.</summary>
    public static string Assemble(string name, string[] chosen, Func<string, string?> file)
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
                    + "it is named by its path below its project, and its folder is called Sql."
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
