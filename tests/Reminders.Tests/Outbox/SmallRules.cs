using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Scheduling;

namespace Reminders.Tests.Outbox;

/// <summary>Retry times, button data and the names of states.</summary>
public sealed class SmallRules
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 128)]
    [InlineData(10, 300)]
    [InlineData(2_000_000_000, 300)]
    public void The_wait_doubles_up_to_the_cap(int attempts, double seconds) =>
        Assert.Equal(seconds, RetryPolicy.Delay(attempts, new(), 0.5).TotalSeconds, 3);

    [Fact]
    public void Jitter_spreads_it_by_a_fifth_to_either_side()
    {
        Assert.Equal(0.8, RetryPolicy.Delay(1, new(), 0).TotalSeconds, 3);
        Assert.InRange(RetryPolicy.Delay(1, new(), 0.999999).TotalSeconds, 1.19, 1.2);
    }

    /// <summary>The database is back, and each loop on the way to the next message finds out by itself: the reconciler, then the
    /// dispatcher.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(2_000_000_000)]
    public void After_an_outage_of_any_length_a_message_waits_for_two_seconds_of_rests_at_most(int failures)
    {
        Assert.InRange((Reconciler.Turn + RetryPolicy.Rest(failures, 0.999999)).TotalSeconds, 0, 2);
        // And it is a rest.
        Assert.InRange(RetryPolicy.Rest(failures, 0).TotalSeconds, 0.15, 2);
    }

    [Fact]
    public void Button_data_comes_back_as_it_went_and_fits_Telegram()
    {
        var token = Guid.NewGuid();
        foreach (var action in (string[])["confirm", "later", new('a', KindAnswers.LongestKey)])
        {
            var data = ButtonData.Of(action, token);
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(data), 1, 64);
            Assert.True(ButtonData.TryParse(data, out var readAction, out var readToken));
            Assert.Equal((action, token), (readAction, readToken));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("confirm")]
    [InlineData("confirm:")]
    [InlineData(":00000000000000000000000000000000")]
    [InlineData("approve!:00000000000000000000000000000000")]
    [InlineData("a_key_that_is_longer_than_any_may_be:00000000000000000000000000000000")]
    [InlineData("Confirm:00000000000000000000000000000000")]
    [InlineData("confirm:00000000-0000-0000-0000-000000000000")]
    [InlineData("confirm:0000000000000000000000000000000")]
    [InlineData("confirm:00000000000000000000000000000000:1")]
    [InlineData("confirm:0000000000000000000000000000000g")]
    public void Any_other_data_is_refused(string? data) => Assert.False(ButtonData.TryParse(data, out _, out _));

    [Fact]
    public void Every_state_has_a_name_of_its_own_in_the_column_and_is_read_back()
    {
        var states = Enum.GetValues<MessageState>();
        Assert.Distinct(states.Select(state => state.ToColumn()));
        Assert.All(states, state => Assert.Equal(state, MessageStates.FromColumn(state.ToColumn())));
        Assert.Equal([MessageState.Sent, MessageState.Dead, MessageState.Cancelled], states.Where(state => state.IsFinal()));
    }
}
