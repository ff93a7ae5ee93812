using System.Text.RegularExpressions;
using Reminders.Tests.Architecture;

namespace Reminders.Tests.Words;

/// <summary>What a command prints stands in the rooms of words; in its own sources are descriptions, which are English.</summary>
public sealed partial class CommandsWords
{
    [Fact]
    public void No_command_prints_words_of_its_own()
    {
        // Dedupe is for tables of any database, and tells its progress to whoever administers that.
        var commands = Sources
            .All.Where(source => source.Project == "Reminders.Cli")
            .Where(source => source.Path.Split('/')[0] is "Commands" or "Imports")
            .Where(source => source.Path != "Commands/DedupeCommand.cs")
            .ToArray();
        Assert.True(commands.Length > 30, $"Only {commands.Length} were found.");
        // Comments between statements are for psql.
        Assert.Empty(
            from source in commands
            from Match printing in Printed().Matches(source.Text)
            from Match text in Prose().Matches(Said().Replace(printing.Value, ""))
            where !text.Value.StartsWith("\"-- ", StringComparison.Ordinal)
            select $"{source.Path}: {text.Value}"
        );
        Assert.Matches(Prose(), Printed().Match("Console.Out.WriteLineAsync($\"No node runs on {this}.\");").Value);
        Assert.Matches(Prose(), Printed().Match("return Engine.ReportAsync(outcome, _ => $\"{count} were done now.\");").Value);
    }

    [GeneratedRegex(@"(?:Console\.(?:Out|Error)\.Write\w*|ReportAsync|Engine\.RunAsync|problems\.Add)\((?:[^;""]|""[^""]*"")*;")]
    private static partial Regex Printed();

    // Its values may be a command's words.
    [GeneratedRegex(@"Printing\.Say\((?:[^()]|\([^()]*\))*\)")]
    private static partial Regex Said();

    // Two words in a row, of which a code has none.
    [GeneratedRegex("\"[^\"\n]*\\b[A-Za-z']{2,} [a-z']{2,}[^\"\n]*\"")]
    private static partial Regex Prose();
}
