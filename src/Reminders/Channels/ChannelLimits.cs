namespace Reminders.Channels;

/// <summary>What a provider allows, kept for the whole cluster in PostgreSQL (rule 9).</summary>
public sealed class ChannelLimits
{
    /// <summary>Messages per second over the whole channel; 0 means no limit.</summary>
    public double PerSecond { get; set; }

    /// <summary>The least time between two messages to one recipient; 0 means no limit.</summary>
    public TimeSpan PerRecipientInterval { get; set; }

    /// <summary>
    /// How far ahead the limit gives out instants to start at. A node that was late for its next turn would lose the rate
    /// of the time between; a message that has been given an instant can no longer be called back.
    /// </summary>
    internal static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many messages a node claims at once: a sixteenth of a second's worth. It holds three times that at most: on their
    /// way in, ready, and waiting for their instant. More would stand before a message of another kind that falls due now.
    /// </summary>
    internal int? Ready => PerSecond > 0 ? (int)Math.Max(1, Math.Ceiling(PerSecond / 16)) : null;

    internal bool AreSet => PerSecond > 0 || PerRecipientInterval > TimeSpan.Zero;

    internal static ChannelLimits None { get; } = new();

    /// <summary>Settings write into what they find.</summary>
    internal ChannelLimits Copy() => (ChannelLimits)MemberwiseClone();
}
