using System.Text.Json;

namespace Reminders.Cluster.Tests.Demo;

/// <summary>What the demo says of itself in JSON, whatever it was played with.</summary>
internal static class DemoVerdict
{
    /// <returns>The act of the confirmations.</returns>
    public static JsonElement AssertOk(DemoRun run)
    {
        Assert.True(run.ExitCode == 0, $"{run.Verdict}\n{run.Story}");
        Assert.True(run.Verdict.GetProperty("ok").GetBoolean());
        foreach (var name in (string[])["cart_mail", "whatsapp_inbound", "customer_fanout", "ticket_inbox"])
        {
            var other = run.Act(name);
            Assert.True(other.GetProperty("ok").GetBoolean(), $"{other}\n{run.Story}");
            Assert.Equal(other.Number("due"), other.Number("delivered"));
            Assert.Equal(0, other.Number("duplicates") + other.Number("lost"));
            Assert.True(other.Number("suppressed") > 0, run.Story);
        }
        var act = run.Act("confirm_2h");
        Assert.True(act.GetProperty("ok").GetBoolean());
        Assert.InRange(act.Number("due"), 50, 100);
        Assert.Equal(0, act.Number("duplicates"));
        Assert.Equal(0, act.Number("lost"));
        Assert.Equal(act.Number("inDoubt") - act.Number("settledByPress"), act.Number("held"));
        // Three slots were approved fifty times.
        Assert.True(act.Number("suppressed") >= 149, run.Story);
        return act;
    }

    public static int Number(this JsonElement act, string name) => act.GetProperty(name).GetInt32();
}
