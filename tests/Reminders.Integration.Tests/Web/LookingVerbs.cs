using System.Diagnostics;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What an operator looks for on the command line, whether a node runs or not; and what the shell completes for them.</summary>
public sealed class LookingVerbs(Postgres postgres)
{
    [Fact]
    public async Task Nodes_are_listed_while_they_are_there_and_when_they_are_gone()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        Assert.Equal("No node runs.\n", await RunAsync(cluster, "nodes", "list"));
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.node (name, started_at, seen_at, skew, version) VALUES
                ('left', now() - interval '1 day', now() - interval '2 minutes', '0', '0.1.0'),
                ('there', now(), now(), interval '12 milliseconds', '0.1.0')
            """
        );
        var lines = (await RunAsync(cluster, "nodes", "list")).Split('\n');
        Assert.Matches("^left  +gone ", lines[1]);
        Assert.Matches("^there  +there .* 12 ms", lines[2]);
        Assert.Equal(
            ["left", "there"],
            JsonNode.Parse(await RunAsync(cluster, "nodes", "list", "--json"))!.AsArray().Select(node => (string)node!["name"]!)
        );
    }

    [Theory]
    [InlineData("Ann")]
    [InlineData("1001")]
    [InlineData("+1001")]
    public async Task Somebody_is_found_by_whatever_one_has_of_them(string what)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        await cluster.ProposeAsync(TimeSpan.FromHours(1), 1001);
        Assert.Contains("Anna", await RunAsync(cluster, "find", what), StringComparison.Ordinal);
        Assert.Equal("Nobody is found by 'nobody%'.\n", await RunAsync(cluster, "find", "nobody%"));
    }

    /// <summary>In a real shell: what it has at hand after a word that has begun.</summary>
    [Fact]
    public async Task A_shell_completes_what_is_typed()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var script = await RunAsync(cluster, "completion", "bash");
        var program = Lab.Nodes.Programs.Reminders();
        var run = $"{program.FileName} {string.Join(' ', program.ArgumentList)}";
        using var shell = Process.Start(
            new ProcessStartInfo(
                "bash",
                [
                    "-c",
                    $$"""
                    reminders() { {{run}} "$@"; }
                    {{script}}
                    COMP_WORDS=(reminders outbox re) COMP_CWORD=2 COMP_LINE='reminders outbox re' COMP_POINT=19
                    _reminders
                    printf '%s\n' "${COMPREPLY[@]}"
                    """,
                ]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        var completed = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["replay", "resend"], completed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.NotEqual(0, (await CommandLine.RunAsync(cluster.ConnectionString, "completion", "tcsh")).ExitCode);
    }

    private static async Task<string> RunAsync(Cluster cluster, params string[] arguments)
    {
        var run = await CommandLine.RunAsync(cluster.ConnectionString, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }
}
