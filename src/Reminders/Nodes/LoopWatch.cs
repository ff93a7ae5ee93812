using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Reminders.Nodes;

/// <summary>
/// Whether this node's loops come round. Each loop beats once a turn; one that has not within its own bound hangs, and
/// readiness, doctor and a metric say which (rule 19). Kept in memory: another node cannot know, and the heartbeat writes it
/// down for those who look from outside.
/// </summary>
public sealed class LoopWatch
{
    private readonly ConcurrentDictionary<string, Pulse> _pulses = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    /// <summary>One for a node.</summary>
    public LoopWatch(TimeProvider time, IMeterFactory meters)
    {
        _time = time;
        meters
            .Create("Reminders")
            .CreateObservableGauge(
                "reminders.loop.silence",
                () =>
                    Look()
                        .Select(loop => new Measurement<double>(
                            loop.Silence.TotalSeconds,
                            new KeyValuePair<string, object?>("loop", loop.Name)
                        )),
                "s",
                "How long ago each loop of this node last came round."
            );
    }

    /// <summary>A loop that says it lives. The same name twice is the same loop: a restarted one goes on with its pulse.</summary>
    /// <param name="name">What operators read: <c>dispatch telegram</c>, <c>reconcile</c>.</param>
    /// <param name="bound">The longest turn that is still in order, waiting included.</param>
    public Pulse Add(string name, TimeSpan bound) => _pulses.GetOrAdd(name, _ => new Pulse(_time, bound));

    /// <summary>Every loop, by name.</summary>
    public IReadOnlyList<LoopState> Look() =>
        [
            .. _pulses
                .OrderBy(pulse => pulse.Key, StringComparer.Ordinal)
                .Select(pulse => new LoopState(pulse.Key, pulse.Value.Silence, pulse.Value.Bound)),
        ];

    /// <summary>One loop's sign of life.</summary>
    public sealed class Pulse
    {
        private readonly TimeProvider _time;
        private long _last;

        internal Pulse(TimeProvider time, TimeSpan bound)
        {
            (_time, Bound) = (time, bound);
            Beat();
        }

        /// <summary>The longest turn that is still in order.</summary>
        public TimeSpan Bound { get; }

        /// <summary>Since the loop last came round.</summary>
        public TimeSpan Silence => _time.GetElapsedTime(Interlocked.Read(ref _last));

        /// <summary>The loop came round and got something done, or found nothing to do. A turn that failed does not beat.</summary>
        public void Beat() => Interlocked.Exchange(ref _last, _time.GetTimestamp());
    }
}

/// <param name="Silence">Since the loop last came round.</param>
/// <param name="Bound">The longest turn that is still in order.</param>
public readonly record struct LoopState(string Name, TimeSpan Silence, TimeSpan Bound)
{
    /// <summary>Whether it makes no progress.</summary>
    public bool Hangs => Silence > Bound;
}
