namespace Reminders.Inbox;

/// <summary>How a node feeds the live connections of people's inboxes. Section <c>Inbox</c>.</summary>
public sealed class InboxOptions
{
    /// <summary>
    /// How often every connection is looked after, should a NOTIFY be lost, and how soon at the latest a revoked token's
    /// connections are closed. Default 2 seconds, at least 100 milliseconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many notifications wait in memory for one connection; the rest waits in the database. Default 100, 1 to
    /// 10000.</summary>
    public int Buffer { get; set; } = 100;

    /// <summary>How long one notification may take to leave before the client counts as too slow. Default 10 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client has to acknowledge the close frame before the connection is aborted. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silent client is pinged. Default 15 seconds; proxies often cut what is silent for 60.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a ping may go unanswered before the line counts as dead. Default 10 seconds.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Live connections of one person to one node; with one more, their oldest is closed with 4429. Default 10, 1 to 1000.
    /// </summary>
    public int SocketsPerPerson { get; set; } = 10;

    /// <summary>
    /// Whether a live connection may also have its long-lived token in the address, where proxies, logs and histories keep it.
    /// Default false: a ticket.
    /// </summary>
    public bool TokenInAddress { get; set; }

    /// <summary>
    /// Whether <c>ticket</c>, in lists and over the live connection, is an object: the ticket's <c>id</c>, and the data that the
    /// notification was asked for with. Default false: the id alone.
    /// </summary>
    public bool WholeTicket { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (SocketsPerPerson is < 1 or > 1000)
        {
            yield return $"Inbox:SocketsPerPerson is {SocketsPerPerson}: it must be 1 to 1000.";
        }

        if (PollInterval < TimeSpan.FromMilliseconds(100))
        {
            yield return $"Inbox:PollInterval is {PollInterval}: it must be at least 00:00:00.1.";
        }

        if (Buffer is < 1 or > 10_000)
        {
            yield return $"Inbox:Buffer is {Buffer}: it must be 1 to 10000.";
        }

        foreach (
            var (name, value) in new (string, TimeSpan)[]
            {
                (nameof(SendTimeout), SendTimeout),
                (nameof(CloseTimeout), CloseTimeout),
                (nameof(PingInterval), PingInterval),
                (nameof(PingTimeout), PingTimeout),
            }
        )
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(10))
            {
                yield return $"Inbox:{name} is {value}: it must be positive, and at most 10 minutes.";
            }
        }
    }
}
