using System.Globalization;

namespace Reminders.Nodes;

/// <summary>
/// Wakes the loop that feeds live connections, and says whose inboxes to look into. A lost wake-up costs a poll interval,
/// never an item.
/// </summary>
internal sealed class InboxSignal
{
    private readonly Lock gate = new();
    private readonly Signal signal = new();
    private HashSet<long> named = [];
    private bool anyone;

    /// <param name="payload">Recipients, with commas between them; what cannot be read stands for anyone.</param>
    public void Written(string payload)
    {
        lock (gate)
        {
            foreach (var part in payload.Split(','))
            {
                if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var recipient))
                    named.Add(recipient);
                else
                    anyone = true;
            }
        }
        signal.Set();
    }

    public void WrittenFor(long recipient)
    {
        lock (gate)
            named.Add(recipient);
        signal.Set();
    }

    public void WrittenForAnyone()
    {
        lock (gate)
            anyone = true;
        signal.Set();
    }

    /// <returns>Whose inboxes have news; null for anyone's, which is also the answer after <paramref name="atMost"/>.</returns>
    public async Task<IReadOnlySet<long>?> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await signal.WaitAsync(atMost, time, cancellationToken);
        lock (gate)
        {
            var whose = anyone || named.Count == 0 ? null : named;
            (named, anyone) = ([], false);
            return whose;
        }
    }
}
