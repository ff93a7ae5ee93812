using System.Globalization;
using Reminders.Channels;

namespace Reminders.Testing.Post;

/// <summary>Everything that the nodes of one test sent, in order, and how the next sends will fare.</summary>
internal sealed class PostOffice
{
    private readonly Lock _lock = new();
    private readonly List<SentMessage> _all = [];
    private readonly HashSet<SentMessage> _asserted = [];
    private readonly List<(string To, SendResult Outcome)> _planned = [];
    private int _ids = 1000;

    /// <summary>Every try, also those that failed and those that changed a delivered message.</summary>
    public IReadOnlyList<SentMessage> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>The next message to somebody gets this answer; several are given in turn.</summary>
    public void Plan(string to, SendResult outcome)
    {
        lock (_lock)
        {
            _planned.Add((to, outcome));
        }
    }

    public SendResult Answer(Envelope envelope, Delivery delivery)
    {
        lock (_lock)
        {
            var next = _planned.FindIndex(planned =>
                planned.To == envelope.Reference || planned.To == envelope.Name || planned.To == delivery.Address
            );
            if (next < 0)
            {
                return new SendResult.Sent(delivery.ProviderMessageId ?? (++_ids).ToString(CultureInfo.InvariantCulture));
            }

            var outcome = _planned[next].Outcome;
            _planned.RemoveAt(next);
            return outcome;
        }
    }

    public void Record(SentMessage message)
    {
        lock (_lock)
        {
            _all.Add(message);
        }
    }

    /// <summary>Takes the first message that is so and that no assertion has had; null when there is none.</summary>
    public SentMessage? Take(Func<SentMessage, bool> isSo)
    {
        lock (_lock)
        {
            return _all.Find(message => isSo(message) && !_asserted.Contains(message)) is { } found && _asserted.Add(found) ? found : null;
        }
    }

    public IReadOnlyList<SentMessage> Untaken(Func<SentMessage, bool> areSo)
    {
        lock (_lock)
        {
            return [.. _all.Where(message => areSo(message) && !_asserted.Contains(message))];
        }
    }
}
