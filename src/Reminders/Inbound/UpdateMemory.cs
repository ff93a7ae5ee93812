using Reminders.Channels;
using Reminders.Failover;

namespace Reminders.Inbound;

/// <summary>
/// What providers delivered to this node lately. They were told that it is kept, and do not give it again: should a fail-over lose it,
/// this is all there is of it. Bounded in time and in letters.
/// </summary>
internal sealed class UpdateMemory(FailoverOptions options, TimeProvider time)
{
    private const int Letters = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Remembered> _updates = new();
    private long _letters;

    public void Stored(string source, IReadOnlyList<InboundUpdate> updates, int epoch)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (var update in updates)
            {
                _updates.Enqueue(new(source, update, epoch, now));
                _letters += update.Json.Length;
            }

            while (_updates.TryPeek(out var oldest) && (_letters > Letters || time.GetElapsedTime(oldest.At, now) > options.Remember))
            {
                _letters -= _updates.Dequeue().Update.Json.Length;
            }
        }
    }

    /// <summary>What came before the epoch, by source, in the order in which it came.</summary>
    public IReadOnlyList<(string Source, InboundUpdate[] Updates)> Before(int epoch)
    {
        lock (_gate)
        {
            return
            [
                .. _updates
                    .Where(one => one.Epoch < epoch)
                    .GroupBy(one => one.Source, (source, some) => (source, some.Select(one => one.Update).ToArray())),
            ];
        }
    }

    private readonly record struct Remembered(string Source, InboundUpdate Update, int Epoch, long At);
}
