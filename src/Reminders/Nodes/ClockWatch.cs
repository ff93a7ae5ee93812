using System.Diagnostics.Metrics;

namespace Reminders.Nodes;

/// <summary>
/// How far this node's clock is from the database's. Nothing is decided by the node's clock that nodes must agree on, but
/// Quartz fires by it, and operators read it in logs: a skew is said on every surface, and with a large one this node's Quartz stands
/// by while its reconciler fires by the database's clock.
/// </summary>
public sealed class ClockWatch
{
    /// <summary>From here on a warning.</summary>
    public static readonly TimeSpan WarnAbove = TimeSpan.FromSeconds(1);

    /// <summary>From here on this node's Quartz fires nothing.</summary>
    public static readonly TimeSpan HaltAbove = TimeSpan.FromSeconds(5);

    private long _ticks;

    /// <summary>One for a node, which shows it as a metric too.</summary>
    public ClockWatch(IMeterFactory meters)
    {
        var meter = meters.Create("Reminders");
        meter.CreateObservableGauge(
            "reminders.clock.skew",
            () => Skew.TotalSeconds,
            "s",
            "This node's clock less the database's. A warning above 1 s; above 5 s its Quartz stands by."
        );
        meter.CreateObservableGauge(
            "reminders.scheduler.stood_down",
            () => Halted ? 1 : 0,
            "{node}",
            "1 while this node's Quartz stands by for its clock, and the reconciler alone fires."
        );
    }

    /// <summary>The node's clock less the database's, at the last heartbeat.</summary>
    public TimeSpan Skew
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
        internal set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    /// <summary>Whether the skew is so large that Quartz must not fire here.</summary>
    public bool Halted => Skew.Duration() > HaltAbove;

    /// <summary>Whether the skew is worth a warning.</summary>
    public bool Skewed => Skew.Duration() > WarnAbove;
}
