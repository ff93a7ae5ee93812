using System.CommandLine;
using Reminders.Cli.Commands;

namespace Reminders.Integration.Tests.Documents;

/// <summary>
/// Whatever a verb of the command line shows, a program can read: the tree is walked, so that a new one cannot be forgotten.
/// </summary>
[Trait("Suite", "Quick")]
public sealed class JsonVerbs
{
    private static readonly string[] Showing = ["list", "show", "history", "find", "explain", "doctor"];

    [Fact]
    public void Each_verb_that_lists_or_shows_takes_json()
    {
        var verbs = Walk(CommandTree.Create(), "").Where(one => Showing.Contains(one.Command.Name)).ToArray();
        Assert.True(verbs.Length >= 14, $"only {verbs.Length} verbs were found");
        Assert.Empty(verbs.Where(one => one.Command.Options.All(option => option.Name != "--json")).Select(one => one.Path));
    }

    private static IEnumerable<(string Path, Command Command)> Walk(Command command, string path) =>
        command
            .Subcommands.SelectMany(one => Walk(one, $"{path} {one.Name}".Trim()))
            .Concat(command.Subcommands.Count == 0 ? [(path, command)] : []);
}
