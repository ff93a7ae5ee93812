using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Reminders.Nodes;

/// <summary>
/// What this node leaves alone because the database refused it, by work: readiness and a metric say so, and the heartbeat writes
/// it down for doctor (rule 19). A row beside which all goes well is otherwise late without anybody hearing of it.
/// </summary>
internal sealed class PutAsides
{
    private readonly ConcurrentDictionary<string, PutAside> _works = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Counter<long> _refused;

    /// <summary>One for a node.</summary>
    public PutAsides(TimeProvider time, IMeterFactory meters)
    {
        _time = time;
        var meter = meters.Create("Reminders");
        _refused = meter.CreateCounter<long>(
            "reminders.row.refusals",
            "{row}",
            "Rows that the database refused to this node, by work, each time."
        );
        meter.CreateObservableGauge(
            "reminders.row.aside",
            () => _works.Select(work => new Measurement<int>(work.Value.Look().Count, Tag(work.Key))),
            "{row}",
            "Rows that this node leaves alone because the database refused them, by work."
        );
    }

    /// <summary>The rows of one work. The same name twice is the same work.</summary>
    /// <param name="work">What operators read: <c>claim</c>, <c>settle</c>, <c>fire</c>.</param>
    public PutAside Of(string work) => _works.GetOrAdd(work, name => new PutAside(_time, () => _refused.Add(1, Tag(name))));

    /// <summary>A line for each work in which something is left alone; names no row and quotes no value.</summary>
    public string[] Look() =>
        [
            .. from work in _works.OrderBy(work => work.Key, StringComparer.Ordinal)
            let look = work.Value.Look()
            where look.Count > 0
            select string.Create(CultureInfo.InvariantCulture, $"{work.Key}: {look.Count} (the last with {look.Why})"),
        ];

    private static KeyValuePair<string, object?> Tag(string work) => new("work", work);
}
