namespace Reminders.Nodes;

/// <summary>The wake-ups of a node: set by its own work at once, and by other nodes over LISTEN/NOTIFY.</summary>
internal sealed class Signals
{
    /// <summary>Messages may be due. One per channel, because each has a dispatcher of its own.</summary>
    public Dictionary<string, Signal> Outbox { get; } = new(StringComparer.Ordinal);

    /// <summary>Updates came in.</summary>
    public Signal Inbound { get; } = new();

    /// <summary>Occurrences are due at once, or events wait to be planned.</summary>
    public Signal Due { get; } = new();

    /// <summary>Items may have been written to inboxes, and to whose.</summary>
    public InboxSignal Inbox { get; } = new();

    /// <summary>A command changed something that people may be looking at.</summary>
    public ViewerSignal Looked { get; } = new();

    /// <summary>Somebody has decided over many messages.</summary>
    public Signal Bulk { get; } = new();

    /// <summary>Somebody has changed a kind's texts.</summary>
    public Signal Texts { get; } = new();

    /// <summary>Whether this node hears the others just now; while not, it polls.</summary>
    public bool Listening
    {
        get => _listening;
        set => _listening = value;
    }

    private volatile bool _listening;

    public void OutboxWritten()
    {
        foreach (var signal in Outbox.Values)
        {
            signal.Set();
        }
    }

    /// <summary>Whatever may have been said while nobody listened.</summary>
    public void HeardAgain()
    {
        OutboxWritten();
        Inbound.Set();
        Due.Set();
        Inbox.WrittenForAnyone();
        Looked.ChangedForAnyone();
        Bulk.Set();
        Texts.Set();
    }

    public void Received(string channel, string payload)
    {
        switch (channel)
        {
            case OutboxChannel:
                OutboxWritten();
                break;
            case InboundChannel:
                Inbound.Set();
                break;
            case DueChannel:
                Due.Set();
                break;
            case InboxChannel:
                Inbox.Written(payload);
                break;
            case TextsChannel:
                Texts.Set();
                break;
            case ConsoleChannel:
                Looked.Changed(payload);
                if (payload == BulkBegun)
                {
                    Bulk.Set();
                }

                break;
        }
    }

    public const string OutboxChannel = "reminders_outbox";
    public const string InboundChannel = "reminders_inbound";
    public const string DueChannel = "reminders_due";

    /// <summary>Its payload names recipients: "17,23"; empty stands for anyone, where the names would not fit into 8000 bytes.</summary>
    public const string InboxChannel = "reminders_inbox";

    public const string TextsChannel = "reminders_texts";

    /// <summary>By commands only, never by what sends: NOTIFY has its transactions commit one after the other. What comes by the
    /// thousand says it after its commit (<see cref="Viewers"/>).</summary>
    public const string ConsoleChannel = "reminders_console";

    /// <summary>On that channel: there is something for <see cref="Bulk"/> besides. Every other command has none.</summary>
    public const string BulkBegun = "bulk";

    /// <summary>What a node listens to, under the default's names.</summary>
    public static readonly string[] Channels = [OutboxChannel, InboundChannel, DueChannel, InboxChannel, ConsoleChannel, TextsChannel];
}
