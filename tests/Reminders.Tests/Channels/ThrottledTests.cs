using Reminders.Channels;

namespace Reminders.Tests.Channels;

/// <summary>A wait from outside is bounded where it enters, whichever sender brings it in.</summary>
public sealed class ThrottledTests
{
    public static TheoryData<TimeSpan, TimeSpan> Waits =>
        new()
        {
            { TimeSpan.MaxValue, TimeSpan.FromHours(1) },
            { TimeSpan.FromSeconds(2_000_000_000), TimeSpan.FromHours(1) },
            { TimeSpan.FromHours(1), TimeSpan.FromHours(1) },
            { TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(3) },
            { TimeSpan.Zero, TimeSpan.FromSeconds(1) },
            { TimeSpan.MinValue, TimeSpan.FromSeconds(1) },
        };

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_wait_is_at_most_an_hour_and_never_nothing(TimeSpan asked, TimeSpan kept)
    {
        var throttled = new SendResult.Throttled(asked, ThrottleScope.Channel, "429");
        Assert.Equal(kept, throttled.Delay);
        Assert.Equal(kept, (new SendResult.Throttled(TimeSpan.FromSeconds(5), ThrottleScope.Channel, "429") with { Delay = asked }).Delay);
    }
}
