using System.Diagnostics.Metrics;

namespace Reminders.Web.Inbox;

/// <summary>What this node's live connections do, as OpenTelemetry metrics of the meter <c>Reminders</c>.</summary>
internal sealed class InboxMetrics
{
    private readonly UpDownCounter<long> _open;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _pushed;
    private readonly Counter<long> _slow;

    public InboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Reminders");
        _open = meter.CreateUpDownCounter<long>("reminders.inbox.sockets", "{connection}", "Live connections of this node.");
        _closed = meter.CreateCounter<long>("reminders.inbox.sockets.closed", "{connection}", "Live connections that ended, by reason.");
        _pushed = meter.CreateCounter<long>("reminders.inbox.pushed", "{notification}", "Notifications sent over live connections.");
        _slow = meter.CreateCounter<long>("reminders.inbox.sockets.slow", "{connection}", "Clients found too slow, when they were.");
    }

    public void Opened() => _open.Add(1);

    public void Closed(SocketEnd why)
    {
        _open.Add(-1);
        _closed.Add(1, new KeyValuePair<string, object?>("reason", why.Name));
    }

    public void Pushed() => _pushed.Add(1);

    public void FoundSlow() => _slow.Add(1);
}
