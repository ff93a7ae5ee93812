using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Reminders.Cli.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Commands;

namespace Reminders.Integration.Tests.Documents;

/// <summary>What the pages and <c>./dev help</c> tell a reader to type is something a program takes.</summary>
[Trait("Suite", "Quick")]
public sealed partial class ShownCommands
{
    private static readonly RootCommand[] Programs = [CommandTree.Create(), LabCommandTree.Create()];
    private static readonly string Script = File.ReadAllText(Repository.PathOf("dev"));

    /// <summary>What the script does by itself, with the options it knows there.</summary>
    private static readonly Dictionary<string, string[]> OwnWords = new()
    {
        ["help"] = [],
        ["setup"] = [],
        ["build"] = [],
        ["format"] = ["--check"],
        ["clean"] = [],
        ["pack"] = [],
        ["test"] = ["--quick", "--postgres"],
        ["upgrade-test"] = ["--minutes", "--seed"],
    };

    [Fact]
    public void Every_command_line_of_the_pages_is_one_the_program_takes()
    {
        var found = (from page in Repository.Pages() from line in LinesOf(page) select (page, line)).ToArray();
        Assert.True(found.Length > 25, $"only {found.Length} command lines were found");
        Assert.Empty(
            from one in found
            let problem = ProblemOf(one.line)
            where problem is not null
            select $"{one.page}: {one.line}: {problem}"
        );
    }

    [Fact]
    public void Every_word_of_the_help_is_a_command()
    {
        var words = HelpLine().Matches(Script.Split("TABLE")[1]).Select(match => match.Groups["word"].Value).Distinct().ToArray();
        Assert.True(words.Length > 12, $"the help has only {words.Length} words");
        Assert.DoesNotContain(
            words,
            word => !OwnWords.ContainsKey(word) && Programs.All(program => program.Subcommands.All(command => command.Name != word))
        );
    }

    [Theory]
    [InlineData("outbox lst")]
    [InlineData("people unbind <reference>")]
    [InlineData("test --fast")]
    [InlineData("keys create app --rle recruiter")]
    [InlineData("bench brust")]
    public void A_command_line_that_is_none_is_found(string line) => Assert.NotNull(ProblemOf(line));

    private static string? ProblemOf(string line)
    {
        var words = CommandLineParser.SplitCommandLine(Filled(line)).ToArray();
        if (OwnWords.TryGetValue(words[0], out var options))
        {
            return words[1..].FirstOrDefault(word => word.StartsWith('-') && !options.Contains(word)) is { } unknown
                ? $"the script knows no {unknown}"
                : null;
        }

        var program = Programs.FirstOrDefault(program => program.Subcommands.Any(command => command.Name == words[0])) ?? Programs[0];
        var parsed = program.Parse(words);
        // "./dev bench" names a group of commands: without one of them the program shows their list.
        return parsed.Errors.Count == 0 || (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
            ? null
            : string.Join(" ", parsed.Errors.Select(error => error.Message));
    }

    /// <summary>With something of the right form where a page has a name for it.</summary>
    private static string Filled(string line) =>
        Placeholder()
            .Replace(
                line.Replace("<booking>", "0198c5a0-0000-7000-8000-000000000000", StringComparison.Ordinal)
                    .Replace("KIND", "sigkill", StringComparison.Ordinal)
                    .Replace("[", "", StringComparison.Ordinal)
                    .Replace("]", "", StringComparison.Ordinal),
                "1"
            )
            .Replace("…", "", StringComparison.Ordinal);

    private static IEnumerable<string> LinesOf(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        return Fenced()
            .Matches(text)
            .Concat(Inline().Matches(text))
            .Select(match => Spaces().Replace(match.Groups["line"].Value, " ").Trim());
    }

    [GeneratedRegex(@"^ *\./dev (?<line>[^#\n]+)", RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"`(?:[A-Z_]+=\S+ )?\./dev (?<line>[^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex("<[a-z ]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("^  (?<word>[a-z]+)(?: | <| …)", RegexOptions.Multiline)]
    private static partial Regex HelpLine();
}
