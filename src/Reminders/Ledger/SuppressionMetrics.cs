using System.Diagnostics.Metrics;

namespace Reminders.Ledger;

/// <summary>
/// How often somebody was to be told what they know already, as a metric of the meter <c>Reminders</c>: by kind, and by the
/// rule that decided. The ledger's own count (reminders.suppression) names the rows; this one is for a graph and an alarm.
/// </summary>
internal sealed class SuppressionMetrics
{
    public const string SameVersion = "version";
    public const string Once = "once";
    public const string Window = "window";
    public const string Superseded = "superseded";
    public const string AlreadyTold = "already_told";

    private readonly Counter<long> _suppressed;

    public SuppressionMetrics(IMeterFactory meters) =>
        _suppressed = meters
            .Create("Reminders")
            .CreateCounter<long>(
                "reminders.suppressed",
                "{occurrence}",
                "Requests that were not obeyed because the same was planned or told before, by kind and rule."
            );

    public void Add(string kind, string rule, int count)
    {
        if (count > 0)
        {
            _suppressed.Add(count, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("rule", rule));
        }
    }
}
