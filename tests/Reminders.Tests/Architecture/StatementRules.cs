using System.Text.RegularExpressions;
using Reminders.Storage;

namespace Reminders.Tests.Architecture;

/// <summary>Where the SQL of every project stands. Read from the sources.</summary>
public sealed partial class StatementRules
{
    private const int LongestInCode = 8;

    /// <summary>Longer, and put together by code each time.</summary>
    private static readonly string[] PutTogether =
    [
        // From names of tables and columns, and from conditions, that nobody here knows before.
        "Reminders.Cli/Dedupe/InsertGuard.cs",
        "Reminders.Cli/Dedupe/Mover.cs",
        "Reminders.Cli/Dedupe/References.cs",
        "Reminders.Cli/Dedupe/Survey.cs",
        "Reminders/Inbox/InboxListStatement.cs", // from what was asked for
        "Reminders/Storage/Grants.cs", // a script for people, with a role's name in it
    ];

    [Fact]
    public void A_statement_longer_than_a_few_lines_stands_in_a_file_of_its_own() =>
        Assert.Equal(
            PutTogether,
            Sources
                .All.Where(source => Texts().Matches(source.Text).Any(IsLongStatement))
                .Select(source => $"{source.Project}/{source.Path}")
                .Order(StringComparer.Ordinal)
        );

    /// <summary>So a file is found by its name, and none is left over.</summary>
    [Fact]
    public void Every_file_is_named_by_code_or_included_by_another()
    {
        var code = string.Concat(Sources.All.Select(source => source.Text));
        var included = Sources.Statements.SelectMany(file => StatementText.Includes(file.Text)).ToHashSet();
        Assert.NotEmpty(Sources.Statements);
        Assert.All(
            Sources.Statements,
            file => Assert.True(included.Contains(file.Path) || code.Contains($"\"{file.Path}\"", StringComparison.Ordinal), file.Path)
        );
    }

    /// <summary>A name is the path below a project, and is all that the database shows of where a statement stands.</summary>
    [Fact]
    public void No_two_files_have_one_name() => Assert.Distinct(Sources.Statements.Select(file => file.Path));

    [Fact]
    public void Every_file_begins_with_what_it_is_for() =>
        Assert.All(Sources.Statements, file => Assert.StartsWith("-- ", file.Text, StringComparison.Ordinal));

    /// <summary>A test of an app moves now() and clock_timestamp(), where no schema stands before them (decision 15).</summary>
    [Fact]
    public void No_statement_asks_a_clock_that_a_test_cannot_move()
    {
        var files = ((string[])["src", "quartz-schema"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Sources.Root(), folder), "*.sql", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) != "shifted-clock.sql")
            .ToArray();
        Assert.True(files.Length > 50, $"only {files.Length} files were found");
        Assert.DoesNotContain(files, file => OtherClocks().IsMatch(File.ReadAllText(file)));
        Assert.Equal(
            ["Settings/SchemaNames.cs", "Zones/ZoneNames.cs"], // lists of words that are no names
            Sources.Engine.Where(source => OtherClocks().IsMatch(source.Text)).Select(source => source.Path).Order(StringComparer.Ordinal)
        );
    }

    private static bool IsLongStatement(Match text) =>
        text.Value.Count(character => character == '\n') - 1 > LongestInCode && Words().IsMatch(text.Value);

    [GeneratedRegex(
        @"\b(current_timestamp|current_date|current_time|localtimestamp|localtime|(statement|transaction)_timestamp|timeofday)\b"
            + @"|pg_catalog\.(now|clock_timestamp)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OtherClocks();

    [GeneratedRegex("\"{3}.*?\"{3}", RegexOptions.Singleline)]
    private static partial Regex Texts();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|GRANT)\b")]
    private static partial Regex Words();
}
