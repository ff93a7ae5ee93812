namespace Reminders.Channels;

/// <summary>
/// Delivers one message over one channel, once, and says honestly what became of it.
/// A sender never retries: whether to try again is decided by the outbox, from the <see cref="SendResult"/>.
/// It throws only on a bug; every outcome the network can produce is a value.
/// </summary>
public interface ISender
{
    /// <summary>The channel's name as kinds and outbox rows carry it, for example <c>telegram</c>.</summary>
    string Channel { get; }

    /// <param name="delivery">What to deliver, already rendered.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the node stops. Once bytes may have been written the result is
    /// <see cref="SendResult.Uncertain"/>, never an exception.
    /// </param>
    Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken);
}
