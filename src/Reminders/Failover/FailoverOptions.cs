namespace Reminders.Failover;

/// <summary>What nodes do about a fail-over that lost commits. Section <c>Failover</c>.</summary>
public sealed class FailoverOptions
{
    /// <summary>
    /// How long a node remembers what it started, what became of it and what providers delivered: longer than a standby may lag, and
    /// the fail-over may take. Default 15 minutes, at least 1.
    /// </summary>
    public TimeSpan Remember { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How many messages a node remembers at most. About 400 bytes each; 20,000 are a minute at 300 a second. Messages; default 50,000,
    /// at least 1,000.
    /// </summary>
    public int RememberMost { get; set; } = 50_000;

    /// <summary>
    /// How long nodes that ran before a fail-over are waited for, before what they may have sent is held for an operator. Default
    /// 30 seconds, at least 5.
    /// </summary>
    public TimeSpan WaitForNodes { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<string> Problems()
    {
        if (Remember < TimeSpan.FromMinutes(1))
        {
            yield return $"Failover:Remember is {Remember}: it must be at least 1 minute.";
        }

        if (RememberMost < 1000)
        {
            yield return $"Failover:RememberMost is {RememberMost}: it must be at least 1,000 messages.";
        }

        if (WaitForNodes < TimeSpan.FromSeconds(5))
        {
            yield return $"Failover:WaitForNodes is {WaitForNodes}: it must be at least 5 seconds.";
        }
    }
}
