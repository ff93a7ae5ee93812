using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Reminders.Nodes;

namespace Reminders.Inbox;

/// <summary>
/// One live connection's view of an inbox: everything after its cursor, in order. What does not fit into its buffer stays in
/// the database until there is room, so that a slow reader costs a buffer and nobody else's time.
/// </summary>
internal sealed class InboxSubscription(long recipient, long cursor, int capacity, InboxSignal signal)
{
    private readonly Channel<InboxItem> _buffer = Channel.CreateBounded<InboxItem>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true }
    );

    private volatile bool _behind;

    public long Recipient => recipient;

    /// <summary>The last item in the buffer, or the one the reader came with. Only the feed moves it.</summary>
    public long Cursor { get; private set; } = cursor;

    /// <summary>Whether something did not fit and would fit now. Half a buffer, so that a read is worth its while.</summary>
    public bool WantsMore => _behind && _buffer.Reader.Count <= capacity / 2;

    /// <summary>Called by the feed before it reads on for this one; false while there is no room for it.</summary>
    public bool Begin()
    {
        if (_behind && !WantsMore)
        {
            return false;
        }

        _behind = false;
        return true;
    }

    /// <summary>Takes the next item, unless one before it had no room: a reader may miss nothing in between.</summary>
    public void Offer(InboxItem item)
    {
        if (_behind || item.Cursor <= Cursor)
        {
            return;
        }

        if (_buffer.Writer.TryWrite(item))
        {
            Cursor = item.Cursor;
        }
        else
        {
            _behind = true;
        }
    }

    public async IAsyncEnumerable<InboxItem> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in _buffer.Reader.ReadAllAsync(cancellationToken))
        {
            if (WantsMore)
            {
                signal.WrittenFor(recipient);
            }

            yield return item;
        }
    }
}
