using System.Diagnostics.Metrics;

namespace Reminders.Outbox;

/// <summary>
/// What the dispatchers of this node do, as OpenTelemetry metrics of the meter <c>Reminders</c>.
/// </summary>
internal sealed class DispatcherMetrics
{
    private readonly Counter<long> _claimed;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _rests;
    private readonly Counter<long> _paused;
    private readonly Histogram<double> _exchange;
    private readonly Histogram<double> _send;

    public DispatcherMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Reminders");
        _claimed = meter.CreateCounter<long>("reminders.outbox.claimed", "{message}", "Messages claimed by this node.");
        _settled = meter.CreateCounter<long>("reminders.outbox.settled", "{message}", "Messages settled by this node, by outcome.");
        _rests = meter.CreateCounter<long>(
            "reminders.channel.rests",
            "{rest}",
            "Rests of a channel that did not answer, begun by this node's outcomes."
        );
        _paused = meter.CreateCounter<long>("reminders.recipient.pauses", "{pause}", "Recipients this node was asked to let wait (429).");
        _exchange = meter.CreateHistogram<double>("reminders.outbox.exchange.duration", "s", "One commit of the window: settle and start.");
        _send = meter.CreateHistogram<double>("reminders.outbox.send.duration", "s", "One call to the provider.");
    }

    public void Claimed(int count)
    {
        if (count > 0)
        {
            _claimed.Add(count);
        }
    }

    public void Exchanged(IReadOnlyList<Settlement> settlements, int started, TimeSpan took)
    {
        foreach (var settlement in settlements)
        {
            _settled.Add(
                1,
                new KeyValuePair<string, object?>("operation", settlement.Message.Operation),
                new KeyValuePair<string, object?>("outcome", settlement.Outcome)
            );
            if (settlement.RecipientTrouble is { Pause: not null })
            {
                _paused.Add(1);
            }
        }
        if (settlements.Count > 0 || started > 0)
        {
            _exchange.Record(took.TotalSeconds);
        }
    }

    public void Rests(string channel) => _rests.Add(1, new KeyValuePair<string, object?>("channel", channel));

    public void Sent(TimeSpan took) => _send.Record(took.TotalSeconds);
}
