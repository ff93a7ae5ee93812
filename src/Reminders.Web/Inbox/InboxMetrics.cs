using System.Diagnostics.Metrics;

namespace Reminders.Web.Inbox;

/// <summary>What this node's live connections do, as OpenTelemetry metrics of the meter <c>Reminders</c>.</summary>
internal sealed class InboxMetrics
{
    private readonly UpDownCounter<long> open;
    private readonly Counter<long> closed;
    private readonly Counter<long> pushed;
    private readonly Counter<long> slow;

    public InboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Reminders");
        open = meter.CreateUpDownCounter<long>("reminders.inbox.sockets", "{connection}", "Live connections of this node.");
        closed = meter.CreateCounter<long>("reminders.inbox.sockets.closed", "{connection}", "Live connections that ended, by reason.");
        pushed = meter.CreateCounter<long>("reminders.inbox.pushed", "{notification}", "Notifications sent over live connections.");
        slow = meter.CreateCounter<long>("reminders.inbox.sockets.slow", "{connection}", "Clients found too slow, when they were.");
    }

    public void Opened() => open.Add(1);

    public void Closed(SocketEnd why)
    {
        open.Add(-1);
        closed.Add(1, new KeyValuePair<string, object?>("reason", why.Name));
    }

    public void Pushed() => pushed.Add(1);

    public void FoundSlow() => slow.Add(1);
}
