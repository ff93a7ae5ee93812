using Reminders.Lab.Bench;

namespace Reminders.Cluster.Tests.Killed;

/// <summary>
/// SIGKILL to one of two node processes in the middle of a burst. What arrived is judged by the simulator, which knows
/// nothing of the engine; what the engine believes is only compared with it.
/// </summary>
public sealed class KilledInABurst
{
    private const int Count = 20_000;
    private const int InFlight = 16;

    [Fact]
    public async Task Kill_9_of_one_of_two_nodes_sends_nothing_twice_loses_nothing_and_leaves_a_window_in_doubt()
    {
        var result = await EngineKill.RunAsync(Count, InFlight, TimeProvider.System, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{result}");
        Assert.InRange(result.BeforeKill, Count / 4, Count * 9 / 10);
        Assert.Equal((0, 0), (result.Twice, result.Lost));
        Assert.InRange(result.InDoubt, 0, InFlight);
    }
}
