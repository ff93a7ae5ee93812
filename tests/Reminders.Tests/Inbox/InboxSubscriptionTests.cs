using Reminders.Inbox;
using Reminders.Nodes;

namespace Reminders.Tests.Inbox;

/// <summary>What a connection takes from the feed, and in which order.</summary>
public sealed class InboxSubscriptionTests
{
    private readonly InboxSubscription _subscription = new(recipient: 1, cursor: 0, capacity: 4, new InboxSignal());

    [Fact]
    public async Task Once_something_had_no_room_nothing_after_it_is_taken_until_it_was_offered_again()
    {
        Offer(1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3], await ReadAsync(3));
        // There is room by now, but 5 comes first.
        Offer(6);
        Assert.Equal(4, _subscription.Cursor);
        Assert.True(_subscription.Begin());
        Offer(5, 6);
        Assert.Equal([4, 5, 6], await ReadAsync(3));
    }

    [Fact]
    public void One_that_is_full_is_passed_over_until_half_of_it_is_read()
    {
        Assert.True(_subscription.Begin());
        Offer(1, 2, 3, 4, 5);
        Assert.False(_subscription.Begin());
    }

    [Fact]
    public async Task What_comes_again_is_not_taken_again()
    {
        Offer(1, 2);
        Offer(1, 2, 3);
        Assert.Equal([1, 2, 3], await ReadAsync(3));
    }

    private void Offer(params long[] cursors)
    {
        foreach (var cursor in cursors)
        {
            _subscription.Offer(new(cursor, cursor, "KIND", "ticket", "T-1", "{}", "text", default, null));
        }
    }

    private async Task<List<long>> ReadAsync(int count)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var read = new List<long>();
        await foreach (var item in _subscription.ReadAllAsync(bound.Token))
        {
            read.Add(item.Cursor);
            if (read.Count == count)
            {
                break;
            }
        }
        return read;
    }
}
