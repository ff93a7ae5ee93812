namespace Reminders.Nodes;

/// <summary>
/// Wakes the loop that feeds live connections, and says whose inboxes to look into. A lost wake-up costs a poll interval,
/// never an item.
/// </summary>
internal sealed class InboxSignal
{
    private readonly Lock _gate = new();
    private readonly Signal _signal = new();
    private HashSet<long> _named = [];
    private bool _anyone;

    /// <param name="payload">As <see cref="NamedRecipients"/> says.</param>
    public void Written(string payload)
    {
        lock (_gate)
        {
            if (NamedRecipients.In(payload) is { } named)
            {
                _named.UnionWith(named);
            }
            else
            {
                _anyone = true;
            }
        }

        _signal.Set();
    }

    public void WrittenFor(long recipient)
    {
        lock (_gate)
        {
            _named.Add(recipient);
        }

        _signal.Set();
    }

    public void WrittenForAnyone()
    {
        lock (_gate)
        {
            _anyone = true;
        }

        _signal.Set();
    }

    /// <returns>Whose inboxes have news; null for anyone's, which is also the answer after <paramref name="atMost"/>.</returns>
    public async Task<IReadOnlySet<long>?> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(atMost, time, cancellationToken);
        lock (_gate)
        {
            var whose = _anyone || _named.Count == 0 ? null : _named;
            (_named, _anyone) = ([], false);
            return whose;
        }
    }
}
