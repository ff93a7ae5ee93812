using System.Collections.Concurrent;

namespace Reminders.Nodes;

/// <summary>
/// Wakes those who look at what a command has changed: the recruiters whose bookings it concerns, and whoever sees everybody's. What
/// nobody waits for is forgotten.
/// </summary>
internal sealed class ViewerSignal
{
    private readonly ConcurrentDictionary<long, Broadcast> _recruiters = [];
    private readonly Broadcast _others = new();

    /// <summary>Over at the next change; to be taken before looking at what may change.</summary>
    /// <param name="recruiter">Who sees their own bookings alone; null for those who see all.</param>
    public Task Next(long? recruiter) => (recruiter is { } id ? _recruiters.GetOrAdd(id, _ => new()) : _others).Next;

    /// <param name="payload">Recruiters, as <see cref="NamedRecipients"/> says.</param>
    public void Changed(string payload)
    {
        _others.Set();
        if (NamedRecipients.In(payload) is not { } named)
        {
            foreach (var recruiter in _recruiters.Values)
            {
                recruiter.Set();
            }

            return;
        }

        foreach (var id in named)
        {
            if (_recruiters.TryGetValue(id, out var recruiter))
            {
                recruiter.Set();
            }
        }
    }

    public void ChangedForAnyone() => Changed("");
}
