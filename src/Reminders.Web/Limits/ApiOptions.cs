namespace Reminders.Web.Limits;

/// <summary>
/// How much one caller may take of a node. Section <c>Api</c>. Each node counts for itself: a bound against abuse, not an
/// account of what somebody used.
/// </summary>
public sealed class ApiOptions
{
    /// <summary>Requests a second and API key, or person, over time. Default 200; 0 means no limit.</summary>
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>How many of them may come at once after a quiet time. Default 1000, at least RequestsPerSecond.</summary>
    public int Burst { get; set; } = 1000;

    /// <summary>
    /// Refused requests a second and remote address (a wrong key, token, webhook secret or link) before the answer is 429.
    /// Default 20, five times as many at once; 0 means no limit.
    /// </summary>
    public int RefusalsPerSecond { get; set; } = 20;

    /// <summary>
    /// Connections to the database that requests may hold at once; the rest of the pool is for sending, heartbeats and health.
    /// Default 0, which means three quarters of the connection string's Maximum Pool Size.
    /// </summary>
    public int Connections { get; set; }

    /// <summary>Requests about one booking or subject that are worked on at once; others wait without a connection. Default 4, 1 to
    /// 1000.</summary>
    public int PerSubject { get; set; } = 4;

    /// <summary>
    /// How long a request waits for its turn, and again for a row that another transaction holds, before it is told to come
    /// back: 503 with Retry-After. Default 3 seconds, 100 milliseconds to 1 minute.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the database may work on one statement of a request that only reads (a list, explain, an export), before it is
    /// ended there and answered 503. Default 10 seconds, 100 milliseconds to 10 minutes.
    /// </summary>
    public TimeSpan ReadTime { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Problems()
    {
        foreach (
            var (name, value) in new (string, int)[]
            {
                (nameof(RequestsPerSecond), RequestsPerSecond),
                (nameof(RefusalsPerSecond), RefusalsPerSecond),
                (nameof(Connections), Connections),
            }
        )
        {
            if (value is < 0 or > 1_000_000)
            {
                yield return $"Api:{name} is {value}: it must be 0 to 1000000.";
            }
        }
        if (Burst < RequestsPerSecond)
        {
            yield return $"Api:Burst is {Burst}: it must be at least Api:RequestsPerSecond ({RequestsPerSecond}).";
        }

        if (PerSubject is < 1 or > 1000)
        {
            yield return $"Api:PerSubject is {PerSubject}: it must be 1 to 1000.";
        }

        if (Patience < TimeSpan.FromMilliseconds(100) || Patience > TimeSpan.FromMinutes(1))
        {
            yield return $"Api:Patience is {Patience}: it must be 00:00:00.1 to 00:01:00.";
        }

        if (ReadTime < TimeSpan.FromMilliseconds(100) || ReadTime > TimeSpan.FromMinutes(10))
        {
            yield return $"Api:ReadTime is {ReadTime}: it must be 00:00:00.1 to 00:10:00.";
        }
    }
}
