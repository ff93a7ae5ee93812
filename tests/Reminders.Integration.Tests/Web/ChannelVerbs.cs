using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary><c>channels list</c>, <c>pause</c> and <c>resume</c> as an operator runs them: the same as over the API, under the operator's
/// own name.</summary>
public sealed class ChannelVerbs(Postgres postgres)
{
    [Fact]
    public async Task A_channel_is_listed_stopped_and_let_go_on_record()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.throttle (channel, address, next_at, reason) VALUES ('telegram', '1001', now() + interval '1 hour',
                E'429 slow\n  down')
            """
        );
        await cluster.ExecuteAsync(
            "INSERT INTO reminders.incident (channel, began_at, ended_at, reason) VALUES ('telegram', now(), now(), 'HTTP 502')"
        );

        var paused = await RunAsync(cluster, 0, "channels", "pause", "telegram", "--reason", "The text is wrong");
        Assert.Contains("stopped", paused, StringComparison.Ordinal);
        Assert.Equal(
            "The text is wrong",
            await cluster.ScalarAsync<string>(
                "SELECT stop_reason FROM reminders.channel WHERE name = 'telegram' AND stopped_since IS NOT NULL"
            )
        );
        Assert.Contains(
            "Nothing was changed: it was stopped before.",
            await RunAsync(cluster, 0, "channels", "pause", "telegram", "--reason", "again"),
            StringComparison.Ordinal
        );

        var lines = (await RunAsync(cluster, 0, "channels", "list")).Split('\n');
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("telegram", StringComparison.Ordinal)
                && line.Contains("stopped", StringComparison.Ordinal)
                && line.Contains("The text is wrong", StringComparison.Ordinal)
        );
        // In its own row whatever the provider said.
        Assert.Contains(
            lines,
            line =>
                line.Contains("recipient 1001 until ", StringComparison.Ordinal)
                && line.Contains("429 slow", StringComparison.Ordinal)
                && line.Contains("down", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            line => line.StartsWith("incident ", StringComparison.Ordinal) && line.Contains("HTTP 502", StringComparison.Ordinal)
        );

        await RunAsync(cluster, 0, "channels", "resume", "telegram", "--recipient", "1001", "--reason", "Anna asked");
        Assert.Equal((0, true), await StandsAsync(cluster));
        Assert.Contains(
            "is open.",
            await RunAsync(cluster, 0, "channels", "resume", "telegram", "--reason", "Mended"),
            StringComparison.Ordinal
        );
        Assert.Equal((0, false), await StandsAsync(cluster));
        Assert.Contains(
            "Nothing was changed: nothing there waited.",
            await RunAsync(cluster, 0, "channels", "resume", "telegram", "--reason", "Mended"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["channel.pause The text is wrong", "channel.resume Anna asked", "channel.resume Mended"],
            await cluster.ScalarAsync<string[]>(
                "SELECT array_agg(action || ' ' || reason ORDER BY id) FROM reminders.audit WHERE about "
                    + "LIKE 'channel "
                    + "telegram%' AND actor LIKE 'cli:%'"
            )
        );
    }

    [Theory]
    [InlineData("pause", "telegram")]
    [InlineData("pause", "telegraph", "--reason", "r")]
    [InlineData("resume", "telegraph", "--reason", "r")]
    [InlineData("resume", "telegram", "--reason", " ")]
    [InlineData("pause")]
    public async Task What_it_cannot_do_it_says_with_an_exit_code(params string[] verb)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var run = await CommandLine.RunAsync(cluster.ConnectionString, ["channels", .. verb]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.False(string.IsNullOrWhiteSpace(run.Errors));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.channel WHERE stopped_since IS NOT NULL"));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE NOT refused"));
    }

    private static async Task<string> RunAsync(Cluster cluster, int exitCode, params string[] arguments)
    {
        var run = await CommandLine.RunAsync(cluster.ConnectionString, arguments);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }

    private static async Task<(int Waiting, bool Stopped)> StandsAsync(Cluster cluster) =>
        (
            (int)await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.throttle WHERE next_at > now()"),
            await cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.channel WHERE stopped_since IS NOT NULL)")
        );
}
