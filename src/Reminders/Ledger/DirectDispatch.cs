using System.Collections.Concurrent;
using Reminders.Nodes;

namespace Reminders.Ledger;

/// <summary>
/// The kinds whose due occurrences a dispatcher of this node takes from the ledger by itself, firing and starting them in one
/// step. While it sees to them nobody else fires them: a message that waits in the outbox costs two commits more. When it does
/// not, because its channel is shut, its window is full or it has stopped, they are fired like any other.
/// </summary>
internal sealed class DirectDispatch(TimeProvider time)
{
    // Longer than an idle dispatcher sleeps.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, Served> _served = new(StringComparer.Ordinal);

    /// <summary>A dispatcher says which kinds it takes.</summary>
    /// <param name="wake">It is set when some of them may be due.</param>
    public Served Serve(IEnumerable<string> kinds, Signal wake)
    {
        var served = new Served(time, wake);
        foreach (var kind in kinds)
        {
            _served[kind] = served;
        }

        return served;
    }

    /// <summary>Whether its dispatcher sees to a kind just now.</summary>
    public bool SeesTo(string kind) => _served.TryGetValue(kind, out var served) && served.IsSeenTo && !served.PassesOver(kind);

    /// <summary>Some of a kind may be due. Nothing where no dispatcher of this node takes it.</summary>
    public void Wake(string kind)
    {
        if (_served.TryGetValue(kind, out var served))
        {
            served.Wake.Set();
        }
    }

    /// <summary>One dispatcher's word on its kinds.</summary>
    internal sealed class Served(TimeProvider time, Signal wake)
    {
        private readonly Lock _gate = new();
        private long? _looked;
        private volatile IReadOnlyList<string> _passed = [];

        public Signal Wake => wake;

        public bool IsSeenTo
        {
            get
            {
                lock (_gate)
                {
                    return _looked is { } looked && time.GetElapsedTime(looked) < Patience;
                }
            }
        }

        public bool PassesOver(string kind) => _passed.Contains(kind);

        /// <summary>It leaves these kinds to firing, which puts what is due of them where operators look for it.</summary>
        public void PassOver(IReadOnlyList<string> kinds) => _passed = kinds;

        /// <summary>It has looked, and has left nothing that it could take.</summary>
        public void Looked()
        {
            lock (_gate)
            {
                _looked = time.GetTimestamp();
            }
        }

        /// <summary>It takes none just now.</summary>
        /// <returns>Whether that is news.</returns>
        public bool Leaves()
        {
            lock (_gate)
            {
                var news = _looked is not null;
                _looked = null;
                return news;
            }
        }
    }
}
