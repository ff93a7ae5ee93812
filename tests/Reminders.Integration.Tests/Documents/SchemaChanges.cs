using Reminders.Integration.Tests.Support;
using Reminders.Storage.Schema;

namespace Reminders.Integration.Tests.Documents;

/// <summary>The changelog says of each script whether older nodes may go on beside it.</summary>
[Trait("Suite", "Quick")]
public sealed class SchemaChanges
{
    // What the first build came with stands in one line.
    private const int First = 7;

    [Fact]
    public void Each_script_has_its_line_in_the_changelog()
    {
        var changelog = File.ReadAllText(Repository.PathOf("CHANGELOG.md"));
        Assert.Empty(
            from script in SchemaScript.All
            where script.Number > First
            let beside = script.WorksBeside < script.Number ? $"from {script.WorksBeside:000} on" : "no"
            let line = $"| {script.Name} | {beside} |"
            where !changelog.Contains(line, StringComparison.Ordinal)
            select line
        );
    }
}
