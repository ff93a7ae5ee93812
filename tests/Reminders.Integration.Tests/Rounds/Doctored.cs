using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Cli.Commands;
using Reminders.Doctor;
using Reminders.Words;

namespace Reminders.Integration.Tests.Rounds;

/// <summary>Doctor's look around, as a node of a cluster does it.</summary>
internal static class Doctored
{
    public static async Task<IReadOnlyList<Finding>> LookAsync(this IHost node, DoctorDepth depth = DoctorDepth.Quick)
    {
        var found = await node
            .Services.GetRequiredService<DoctorRounds>()
            .LookAsync(depth, progress: null, TestContext.Current.CancellationToken);
        Assert.All(found, Holds);
        return found;
    }

    /// <summary>The one finding of that code; it has the health that is expected, and a fix where that is not good.</summary>
    public static async Task<Finding> FindsAsync(this IHost node, string code, Health health, DoctorDepth depth = DoctorDepth.Quick)
    {
        var all = await node.LookAsync(depth);
        var found = all.Where(finding => finding.Code == code).ToArray();
        Assert.True(found.Length == 1, $"{code} is found {found.Length} times in {Lines(all)}");
        Assert.True(found[0].Health == health, $"{code} is {found[0].Health}: {found[0].Line(Wording.English)}");
        return found[0];
    }

    public static string Lines(IEnumerable<Finding> all) =>
        string.Join('\n', all.Select(finding => $"{finding.Code} {finding.Health}: {finding.Line(Wording.English)}"));

    // What is wrong has something to do, and what is to be typed can be typed.
    private static void Holds(Finding finding)
    {
        Assert.True(
            finding.Health == Health.Good || finding.Fix is not null || finding.Code is "schema_newer" or "channel_waiting",
            finding.Line(Wording.English)
        );
        Assert.Matches("^[a-z_]+$", finding.Code);
        Assert.InRange(finding.About.Length, 2, 11);
        if (finding.Fix?.Command is { } command)
        {
            Assert.StartsWith("reminders ", command, StringComparison.Ordinal);
            Assert.Empty(CommandTree.Create().Parse(command["reminders ".Length..]).Errors);
        }
    }
}
