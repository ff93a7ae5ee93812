using System.Diagnostics.Contracts;

namespace Reminders.Outbox;

/// <summary>When a message that was definitely not delivered is tried again. Pure.</summary>
[Pure]
internal static class RetryPolicy
{
    /// <summary>Exponential backoff with full-range jitter of ±20%, so that a batch that failed together does not return
    /// together.</summary>
    /// <param name="attempts">Failures so far, this one included; at least 1.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Delay(int attempts, OutboxOptions options, double random)
    {
        var doublings = Math.Min(attempts - 1, 30);
        var delay = Math.Min(options.RetryBase.TotalSeconds * Math.Pow(2, doublings), options.RetryCap.TotalSeconds);
        return TimeSpan.FromSeconds(delay * (0.8 + 0.4 * random));
    }

    /// <summary>
    /// How long a loop rests that could not reach the database. Nobody tells it that the database is back, so this, with a turn of the
    /// reconciler before it, is what the first message after an outage waits for: a second at most.
    /// </summary>
    /// <param name="failures">Failures in a row, this one included; at least 1.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Rest(int failures, double random) =>
        TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, Math.Min(failures - 1, 2)), 0.8) * (0.75 + 0.5 * random));
}
