using Microsoft.Extensions.Time.Testing;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>A take goes on from where the last one ended while there is plenty, and passes nothing over for long.</summary>
public sealed class PlacesTests
{
    private static readonly string[] Kinds = ["a", "b"];
    private static readonly DateTime Noon = new(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider _time = new();
    private readonly Places _places;

    public PlacesTests() => _places = new(_time);

    [Fact]
    public void The_first_begins_at_the_start_and_the_next_of_each_kind_where_that_ended()
    {
        Assert.Equal([Place.Start, Place.Start], _places.Next(Kinds, isPlenty: false));
        Reach(new(Noon, 7));
        Assert.Equal([new(Noon, 7), Place.Start], _places.Next(Kinds, isPlenty: true));
    }

    [Fact]
    public void An_answer_that_comes_late_leads_nobody_back()
    {
        _places.Next(Kinds, isPlenty: false);
        Reach(new(Noon, 9));
        Reach(new(Noon, 7));
        Reach(new(Noon.AddSeconds(-1), 30));
        Assert.Equal(new(Noon, 9), _places.Next(Kinds, isPlenty: true)[0]);
    }

    [Fact]
    public void Once_there_is_less_than_was_asked_for_it_looks_from_the_start()
    {
        _places.Next(Kinds, isPlenty: false);
        Reach(new(Noon, 7));
        Assert.Equal(Place.Start, _places.Next(Kinds, isPlenty: false)[0]);
    }

    /// <summary>What is planned late, or given back, is due before what others are at: it waits a second, or twenty times what the look
    /// takes.</summary>
    [Theory]
    [InlineData(0, 1.001)]
    [InlineData(200, 4.001)]
    public void Now_and_then_it_looks_from_the_start_also_while_there_is_plenty(int tookMs, double afterSeconds)
    {
        _places.Next(Kinds, isPlenty: false);
        Reach(new(Noon, 7), tookMs);
        // Of the other kind there is nothing, so it always begins at the start: that is no look at everything.
        Reach(new(Noon, 8), tookMs: 0, new(Noon, 7));
        _time.Advance(TimeSpan.FromSeconds(afterSeconds - 0.002));
        Assert.Equal(new(Noon, 8), _places.Next(Kinds, isPlenty: true)[0]);
        _time.Advance(TimeSpan.FromSeconds(0.002));
        Assert.Equal(Place.Start, _places.Next(Kinds, isPlenty: true)[0]);
    }

    private void Reach(Place place, int tookMs = 0, Place? after = null) =>
        _places.Reached(
            new(Kinds, Room: 10, Token: 1, Alone: [], After: [after ?? Place.Start, Place.Start]),
            new Dictionary<string, Place> { ["a"] = place },
            TimeSpan.FromMilliseconds(tookMs)
        );
}
