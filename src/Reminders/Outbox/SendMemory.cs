using Reminders.Channels;
using Reminders.Failover;
using Reminders.Kinds;

namespace Reminders.Outbox;

/// <summary>
/// What this node has started lately and how it ended, kept for the case that the database forgets it: a standby that was promoted has
/// not the last commits of its primary (see Failover/README.md). Bounded in time and number, and never asked while all is well.
/// </summary>
internal sealed class SendMemory(PutBackStore store, KindCatalog kinds, FailoverOptions options, TimeProvider time) : IRecollection
{
    private readonly Lock _gate = new();
    private readonly Queue<RememberedSend> _sends = new();
    private DateTimeOffset? _forgotten;
    private int _underWay;

    public bool IsBusy => Volatile.Read(ref _underWay) > 0;

    public DateTimeOffset? ForgottenUntil
    {
        get
        {
            lock (_gate)
            {
                return _forgotten;
            }
        }
    }

    /// <summary>These have started. Edits are not remembered: repeated, they show the same.</summary>
    /// <returns>One for each, for <see cref="Ended"/>; null for an edit.</returns>
    public RememberedSend?[] Began(string channel, IReadOnlyList<StartedMessage> started)
    {
        if (started.Count == 0)
        {
            return [];
        }

        var remembered = new RememberedSend?[started.Count];
        var now = time.GetTimestamp();
        lock (_gate)
        {
            for (var i = 0; i < started.Count; i++)
            {
                if (started[i].Operation == DeliveryOperation.Send)
                {
                    _sends.Enqueue(remembered[i] = new(channel, started[i], now));
                    _underWay++;
                }
            }

            while (
                _sends.TryPeek(out var oldest)
                && (_sends.Count > options.RememberMost || time.GetElapsedTime(oldest.At, now) > options.Remember)
            )
            {
                _forgotten = _sends.Dequeue().StartedAt;
            }
        }
        return remembered;
    }

    public void Ended(RememberedSend? send, Settlement settlement)
    {
        if (send is null)
        {
            return;
        }

        lock (_gate)
        {
            send.End(settlement);
            _underWay--;
        }
    }

    public async Task<PutBack> PutBackAsync(int epoch, CancellationToken cancellationToken)
    {
        RememberedSend[] asked;
        lock (_gate)
        {
            asked =
            [
                .. _sends
                    .Where(send => send.Epoch < epoch && (send.PutBack.Epoch < epoch || send.IsOver && !send.PutBack.Over))
                    // Of several tries the last says all.
                    .GroupBy(send => send.RowToken)
                    .Select(tries => tries.MaxBy(send => send.LeaseToken)!),
            ];
        }

        var total = new PutBack(0, 0);
        foreach (var some in asked.GroupBy(send => send.Channel).SelectMany(sends => sends.Chunk(PutBackStore.Most)))
        {
            // What ends while it is put back is put back again, with its end.
            var over = some.Select(send => send.IsOver).ToArray();
            var part = await store.PutBackAsync(some, over, kinds, cancellationToken);
            total = new(total.Count + part.Count, total.Unplaced + part.Unplaced);
            foreach (var (send, isOver) in some.Zip(over))
            {
                send.PutBack = (epoch, isOver);
            }
        }

        return total;
    }
}
