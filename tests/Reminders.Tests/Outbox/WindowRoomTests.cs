using Microsoft.Extensions.Time.Testing;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>Calls that hang do not fill the window for the others, and what a kill leaves in doubt stays bounded.</summary>
public sealed class WindowRoomTests
{
    private static readonly OutboxOptions Options = new() { InFlight = 4, SlowInFlight = 3, SlowAfter = TimeSpan.FromSeconds(2) };

    private readonly FakeTimeProvider time = new();
    private readonly WindowRoom room;
    private readonly WindowRoom askable;
    private long ids;

    public WindowRoomTests() => (room, askable) = (new(Options, canAsk: false, time), new(Options, canAsk: true, time));

    [Fact]
    public void While_nothing_is_slow_the_window_is_the_window()
    {
        Begin(3);
        Assert.Equal(1, room.Left(4));
        Begin(1);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, room.Left(4));
    }

    [Fact]
    public void Hanging_calls_stop_counting_while_others_are_delivered_up_to_a_bound_of_their_own()
    {
        var hanging = Begin(4);
        time.Advance(TimeSpan.FromSeconds(2));
        // Nothing was heard since they began: it may be everybody's trouble, and one finds out.
        Assert.Equal(1, room.Left(4));
        var good = Begin(1);
        Assert.Equal(0, room.Left(4));
        End(good[0]);
        Assert.Equal(3, room.Left(4));
        Begin(3);
        Assert.Equal(0, room.Left(4));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, room.Left(4)); // 7 are under way: InFlight and SlowInFlight
        End(hanging[0]);
        Assert.Equal(1, room.Left(4));
    }

    [Fact]
    public void When_everything_hangs_a_few_more_are_risked_and_no_more_than_the_bound()
    {
        Begin(4);
        foreach (var more in (int[])[1, 2])
        {
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(more, room.Left(4));
            Begin(more);
            Assert.Equal(0, room.Left(4));
        }
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, room.Left(4));
    }

    [Fact]
    public void A_provider_that_can_be_asked_is_asked_and_no_message_is_risked_before_it_is_heard()
    {
        askable.Began(Started.Message());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(askable.Suspects);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(askable.Suspects);
        Assert.Equal(0, askable.Left(1));
        askable.Heard();
        Assert.False(askable.Suspects);
        Assert.Equal(1, askable.Left(1));
    }

    [Fact]
    public void A_slow_call_names_its_recipient_and_again_as_long_as_it_hangs()
    {
        Begin(2);
        Assert.Equal(TimeSpan.FromSeconds(2), room.UntilSlow());
        Assert.Empty(room.TakeSlow());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1001", Assert.Single(room.TakeSlow()));
        Assert.Empty(room.TakeSlow());
        Assert.Equal(TimeSpan.FromSeconds(2), room.UntilSlow());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(room.TakeSlow());
    }

    private StartedMessage[] Begin(int count)
    {
        var messages = Enumerable.Range(0, count).Select(_ => Started.Message() with { Claim = new(++ids, 1) }).ToArray();
        foreach (var message in messages)
            room.Began(message);
        return messages;
    }

    private void End(StartedMessage message)
    {
        time.Advance(TimeSpan.FromMilliseconds(5));
        room.Ended(new(message, MessageState.Sent, "sent", null));
    }
}
