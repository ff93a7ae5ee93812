using Reminders.Lab.Bench;

namespace Reminders.Cluster.Tests.Bench;

/// <summary>The bench of a burst over each channel, at a size that is over in a moment: it is told what the receiver has.</summary>
public sealed class BurstAtASmallSize
{
    public static TheoryData<string> Channels => [.. EngineBurst.Channels];

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task All_of_it_arrives_once_and_its_figures_come_with_it(string channel)
    {
        var result = await EngineBurst.RunAsync(
            new(Count: 100, Nodes: 1, InFlight: 0, BatchSize: 100, Channel: channel),
            api: null,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );

        Assert.Equal((100, 0, 100L, 0L), (result.Sent, result.Held, result.Arrived, result.Duplicates));
        Assert.True(result is { IsWhole: true, MessagesPerSecond: > 0, P50Ms: > 0 } && result.P99Ms >= result.P50Ms, $"{result}");
        Assert.False((result with { Arrived = 99 }).IsWhole);
        Assert.False((result with { Duplicates = 1 }).IsWhole);
    }
}
