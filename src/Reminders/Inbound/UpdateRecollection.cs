using Reminders.Failover;

namespace Reminders.Inbound;

/// <summary>Stores again what providers delivered before a fail-over: what is there already is known by its ids.</summary>
internal sealed class UpdateRecollection(UpdateStore store, UpdateMemory memory) : IRecollection
{
    private const int Most = 200;

    private int _putBackTo;

    public bool IsBusy => false;

    // A press that is lost is no message sent twice: nothing is held for it.
    public DateTimeOffset? ForgottenUntil => null;

    public async Task<PutBack> PutBackAsync(int epoch, CancellationToken cancellationToken)
    {
        var added = 0;
        if (_putBackTo == epoch)
        {
            return new(0, 0);
        }

        foreach (var (source, updates) in memory.Before(epoch))
        {
            foreach (var some in updates.Chunk(Most))
            {
                added += await store.StoreAsync(source, some, cancellationToken);
            }
        }

        _putBackTo = epoch;
        return new(added, 0);
    }
}
