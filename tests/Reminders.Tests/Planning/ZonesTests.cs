using Reminders.Zones;

namespace Reminders.Tests.Planning;

public sealed class ZonesTests
{
    /// <summary>One of two requests that named a zone first, at the same time, was told that there is no such zone.</summary>
    [Fact]
    public async Task A_zone_asked_for_by_many_at_once_is_one_for_all_of_them()
    {
        string[] zones =
        [
            .. TimeZoneInfo
                .GetSystemTimeZones()
                .Select(zone => zone.Id)
                .Where(id => id.StartsWith("America/", StringComparison.Ordinal))
                .Take(100),
        ];
        Assert.NotEmpty(zones);
        using var together = new Barrier(4);
        var wrong = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () =>
                            zones
                                .Where(zone =>
                                {
                                    together.SignalAndWait(TestContext.Current.CancellationToken);
                                    return !ZoneNames.IsName(zone);
                                })
                                .ToArray(),
                        TestContext.Current.CancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
        Assert.Empty(wrong.SelectMany(zone => zone));
    }
}
