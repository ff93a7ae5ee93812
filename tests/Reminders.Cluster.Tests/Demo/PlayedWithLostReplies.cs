namespace Reminders.Cluster.Tests.Demo;

/// <summary>The same at a Telegram that takes messages and does not say so; beside the other, for both wait more than they work.</summary>
public sealed class PlayedWithLostReplies
{
    [Fact]
    public async Task Demo_once_json_is_ok_when_one_reply_in_twenty_is_lost()
    {
        var run = await DemoRun.PlayAsync("--drop-replies", "0.05");

        var act = DemoVerdict.AssertOk(run);
        Assert.Equal(act.Number("due"), act.Number("delivered"));
        Assert.True(act.Number("inDoubt") > 0, run.Story);
    }
}
