using Reminders.Lab.Chaos;
using Reminders.Lab.Chaos.Faults;

namespace Reminders.Cluster.Tests.Chaos;

/// <summary>
/// Two minutes of everything at once, on real processes, a real PostgreSQL and a simulated Telegram. With and without limits are classes of
/// their own, so that one run waits beside the other.
/// </summary>
public abstract class ShortRun(ITestOutputHelper output, bool hasLimits)
{
    [Fact]
    public async Task Two_minutes_of_kills_stops_cuts_restarts_and_a_bad_Telegram_lose_nothing_and_repeat_nothing()
    {
        var run = new ChaosRun(
            new(TimeSpan.FromMinutes(2), Seed: 1, Only: null, hasLimits),
            output.WriteLine,
            _ => { },
            TimeProvider.System
        );

        var result = await run.RunAsync(TestContext.Current.CancellationToken);

        output.WriteLine(ChaosReport.Json(result));
        Assert.True(
            result.Ok,
            string.Join('\n', result.Verdict.Findings.Select(finding => $"{finding.What}: {finding.Name}").Concat(result.Crashes))
        );
        Assert.All(FaultDriver.Kinds, kind => Assert.True(result.Faults[kind] > 0, $"{kind} never happened"));
        Assert.True(result.Verdict.Delivered > 100, $"only {result.Verdict.Delivered} messages were delivered");
    }
}

public sealed class ShortRunWithLimits(ITestOutputHelper output) : ShortRun(output, hasLimits: true);

public sealed class ShortRunWithoutLimits(ITestOutputHelper output) : ShortRun(output, hasLimits: false);
