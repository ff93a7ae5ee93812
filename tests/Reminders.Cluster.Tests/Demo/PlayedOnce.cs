namespace Reminders.Cluster.Tests.Demo;

/// <summary>The demo is a promise to whoever tries the program: two processes, one killed, and a verdict from what arrived.</summary>
public sealed class PlayedOnce
{
    [Fact]
    public async Task Demo_once_json_is_ok()
    {
        var run = await DemoRun.PlayAsync();

        var act = DemoVerdict.AssertOk(run);
        Assert.Equal(act.Number("due"), act.Number("delivered"));
        Assert.Contains("was killed (SIGKILL)", run.Story, StringComparison.Ordinal);
    }
}
