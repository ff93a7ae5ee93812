using Microsoft.Extensions.Time.Testing;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>A node says by how much a message missed its instant, so that the limit leaves that much room.</summary>
public sealed class PaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_first_message_is_late_by_all_it_took_and_later_ones_by_what_is_unusual()
    {
        var pace = new Pace(_time);
        Assert.False(pace.IsKnown);
        Assert.True(await SendAsync(pace, 100));
        Assert.True(pace.IsKnown);
        Assert.Equal(100, pace.TakeLateness().TotalMilliseconds);
        Assert.False(await SendAsync(pace, 20));
        Assert.Equal(0, pace.TakeLateness().TotalMilliseconds);
        Assert.True(await SendAsync(pace, 60));
        Assert.InRange(pace.TakeLateness().TotalMilliseconds, 39, 40);
        Assert.Equal(0, pace.TakeLateness().TotalMilliseconds);
    }

    [Fact]
    public async Task Of_several_the_latest_counts_and_what_timed_out_does_not()
    {
        var pace = new Pace(_time);
        await SendAsync(pace, 10);
        pace.TakeLateness();
        await SendAsync(pace, 50);
        await SendAsync(pace, 90);
        await SendAsync(pace, 5000);
        Assert.InRange(pace.TakeLateness().TotalMilliseconds, 79, 80);
    }

    [Fact]
    public async Task An_answer_that_lay_unread_does_not_put_its_instants_off()
    {
        var pace = new Pace(_time);
        var database = _time.GetUtcNow();
        pace.Heard(database);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        // Said 300 ms after the first, but read 80 ms late.
        _time.Advance(TimeSpan.FromMilliseconds(80));
        pace.Heard(database + TimeSpan.FromMilliseconds(300));
        // Both are past, so there is nothing to wait for.
        Assert.True(pace.IsMissed(await pace.UntilAsync(database + TimeSpan.FromMilliseconds(350)).WaitAsync(Patience)));
        Assert.False(pace.IsMissed(await pace.UntilAsync(database + TimeSpan.FromMilliseconds(370)).WaitAsync(Patience)));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_believed()
    {
        var pace = new Pace(_time);
        var database = _time.GetUtcNow();
        pace.Heard(database);
        pace.Heard(database - TimeSpan.FromMinutes(1));
        Assert.False(pace.IsMissed(await pace.UntilAsync(database - TimeSpan.FromMinutes(1)).WaitAsync(Patience)));
    }

    private async Task<bool> SendAsync(Pace pace, int milliseconds)
    {
        pace.Heard(_time.GetUtcNow());
        var instant = await pace.UntilAsync(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return pace.Sent(instant);
    }
}
