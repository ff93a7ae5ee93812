using Reminders.Words;

namespace Reminders.Channels.Http;

/// <summary>What is known after one POST; where the engine itself says why, with its code of <see cref="Reasons"/>. The provider's own
/// answer is read by the channel, from <see cref="Replied"/>.</summary>
internal abstract record HttpOutcome
{
    private HttpOutcome() { }

    /// <summary>A whole HTTP reply, whatever its status. The receiver disposes of the reply.</summary>
    public sealed record Replied(HttpReply Reply) : HttpOutcome;

    /// <summary>Definitely not delivered: it ended before the request's first byte (refused, DNS, TLS, connect timeout, stop).</summary>
    public sealed record NotSent(string Detail, string? Code = null) : HttpOutcome;

    /// <summary>Nobody can know: it ended after the first byte may have left, and before a whole reply.</summary>
    public sealed record Unknown(string Detail, string? Code = null) : HttpOutcome;
}
