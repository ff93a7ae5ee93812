using Microsoft.Extensions.Time.Testing;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>Calls that hang do not fill the window for the others, and what a kill leaves in doubt stays bounded.</summary>
public sealed class InFlightWindowTests
{
    private static readonly OutboxOptions Options = new()
    {
        InFlight = 4,
        SlowInFlight = 3,
        SlowAfter = TimeSpan.FromSeconds(2),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly InFlightWindow _room;
    private readonly InFlightWindow _askable;
    private long _ids;

    public InFlightWindowTests() =>
        (_room, _askable) = (new("chat", Options, canAsk: false, _time), new("chat", Options, canAsk: true, _time));

    [Fact]
    public void While_nothing_is_slow_the_window_is_the_window()
    {
        Begin(3);
        Assert.Equal(1, _room.Left(4));
        Begin(1);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, _room.Left(4));
    }

    [Fact]
    public void Hanging_calls_stop_counting_while_others_are_delivered_up_to_a_bound_of_their_own()
    {
        var hanging = Begin(4);
        _time.Advance(TimeSpan.FromSeconds(2));
        // Nothing was heard since they began: it may be everybody's trouble, and one finds out.
        Assert.Equal(1, _room.Left(4));
        var good = Begin(1);
        Assert.Equal(0, _room.Left(4));
        End(good[0]);
        Assert.Equal(3, _room.Left(4));
        Begin(3);
        Assert.Equal(0, _room.Left(4));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _room.Left(4)); // 7 are under way: InFlight and SlowInFlight
        End(hanging[0]);
        Assert.Equal(1, _room.Left(4));
    }

    [Fact]
    public void When_everything_hangs_a_few_more_are_risked_and_no_more_than_the_bound()
    {
        Begin(4);
        foreach (var more in (int[])[1, 2])
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(more, _room.Left(4));
            Begin(more);
            Assert.Equal(0, _room.Left(4));
        }
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _room.Left(4));
    }

    [Fact]
    public void A_provider_that_can_be_asked_is_asked_and_no_message_is_risked_before_it_is_heard()
    {
        _askable.Began(Started.Message());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_askable.Suspects);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_askable.Suspects);
        Assert.Equal(0, _askable.Left(1));
        _askable.Heard();
        Assert.False(_askable.Suspects);
        Assert.Equal(1, _askable.Left(1));
    }

    [Fact]
    public void A_slow_call_names_its_recipient_and_again_as_long_as_it_hangs()
    {
        Begin(2);
        Assert.Equal(TimeSpan.FromSeconds(2), _room.UntilSlow());
        Assert.Empty(_room.TakeSlow());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1001", Assert.Single(_room.TakeSlow()));
        Assert.Empty(_room.TakeSlow());
        Assert.Equal(TimeSpan.FromSeconds(2), _room.UntilSlow());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(_room.TakeSlow());
    }

    [Fact]
    public void It_grows_by_what_is_delivered_and_is_small_again_once_something_is_not_answered_or_after_a_silence()
    {
        var window = new InFlightWindow("chat", new(), canAsk: false, _time);
        Assert.Equal(16, window.Size);
        Deliver(10);
        Assert.Equal(26, window.Size);
        Deliver(500);
        Assert.Equal(128, window.Size);
        // What is refused is an answer, and what nobody can know is none.
        window.Ended(new(Started.Message(), MessageState.Dead, "rejected", null));
        Assert.Equal(128, window.Size);
        window.Ended(new(Started.Message(), MessageState.Uncertain, "uncertain", null, Unanswered: true));
        Assert.Equal(16, window.Size);
        Deliver(20);
        _time.Advance(TimeSpan.FromSeconds(4));
        window.Forget();
        Assert.Equal(36, window.Size);
        _time.Advance(TimeSpan.FromSeconds(2));
        window.Forget();
        Assert.Equal(16, window.Size);

        void Deliver(int count)
        {
            for (var i = 0; i < count; i++)
            {
                window.Ended(new(Started.Message(), MessageState.Sent, "sent", null));
            }
        }
    }

    [Fact]
    public void One_that_is_set_stays_so_and_so_does_that_of_a_channel_with_limits()
    {
        var limited = new OutboxOptions { Limits = { ["chat"] = new() { PerSecond = 29 } } };
        foreach (var (options, size) in (List<(OutboxOptions, int)>)[(Options, 4), (limited, 16)])
        {
            var window = new InFlightWindow("chat", options, canAsk: false, _time);
            window.Ended(new(Started.Message(), MessageState.Sent, "sent", null));
            Assert.Equal(size, window.Size);
        }
    }

    private StartedMessage[] Begin(int count)
    {
        var messages = Enumerable.Range(0, count).Select(_ => Started.Message() with { Claim = new(++_ids, 1) }).ToArray();
        foreach (var message in messages)
        {
            _room.Began(message);
        }

        return messages;
    }

    private void End(StartedMessage message)
    {
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _room.Ended(new(message, MessageState.Sent, "sent", null));
    }
}
