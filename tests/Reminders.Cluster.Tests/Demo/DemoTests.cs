using System.Text.Json;

namespace Reminders.Cluster.Tests.Demo;

/// <summary>The demo is a promise to whoever tries the program: two processes, one killed, and a verdict from what arrived.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_once_json_is_ok()
    {
        var run = await DemoRun.PlayAsync();

        var act = AssertOk(run);
        Assert.Equal(Number(act, "due"), Number(act, "delivered"));
        Assert.Contains("was killed (SIGKILL)", run.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_once_json_is_ok_when_one_reply_in_twenty_is_lost()
    {
        var run = await DemoRun.PlayAsync("--drop-replies", "0.05");

        var act = AssertOk(run);
        Assert.Equal(Number(act, "due"), Number(act, "delivered"));
        Assert.True(Number(act, "inDoubt") > 0, run.Story);
    }

    private static JsonElement AssertOk(DemoRun run)
    {
        Assert.True(run.ExitCode == 0, $"{run.Verdict}\n{run.Story}");
        Assert.True(run.Verdict.GetProperty("ok").GetBoolean());
        foreach (var name in (string[])["cart_mail", "whatsapp_inbound", "customer_fanout", "ticket_inbox"])
        {
            var other = run.Act(name);
            Assert.True(other.GetProperty("ok").GetBoolean(), $"{other}\n{run.Story}");
            Assert.Equal(Number(other, "due"), Number(other, "delivered"));
            Assert.Equal(0, Number(other, "duplicates") + Number(other, "lost"));
            Assert.True(Number(other, "suppressed") > 0, run.Story);
        }
        var act = run.Act("confirm_2h");
        Assert.True(act.GetProperty("ok").GetBoolean());
        Assert.InRange(Number(act, "due"), 50, 100);
        Assert.Equal(0, Number(act, "duplicates"));
        Assert.Equal(0, Number(act, "lost"));
        Assert.Equal(Number(act, "inDoubt") - Number(act, "settledByPress"), Number(act, "held"));
        // Three slots were approved fifty times.
        Assert.True(Number(act, "suppressed") >= 149, run.Story);
        return act;
    }

    private static int Number(JsonElement act, string name) => act.GetProperty(name).GetInt32();
}
