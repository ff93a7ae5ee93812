namespace Reminders.Channels;

/// <summary>
/// For a sender whose provider can be asked whether it is well by a call that sends nothing. Optional: without it, a channel
/// that has stopped answering is tried with one message at a time.
/// </summary>
public interface IChannelProbe
{
    /// <summary>
    /// One call that has no effect, answered within the time a message may take. Well means that the provider answers, not that
    /// it would take any message. Whatever the network does is a value.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the node stops.</param>
    Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>What a channel was found to be.</summary>
/// <param name="Detail">Why it is not well, for people.</param>
public readonly record struct ProbeResult(bool IsWell, string Detail)
{
    /// <summary>It answers.</summary>
    public static ProbeResult Well { get; } = new(true, "");

    /// <summary>It does not, or says that it cannot.</summary>
    public static ProbeResult Ill(string detail) => new(false, detail);
}
