using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Reminders.Web.Limits;

/// <summary>
/// How fast one caller may ask: by key or person, and where nobody is known, by the address that was refused. The framework's
/// limiters, held here and not in the host's middleware: the host's own requests are none of ours.
/// </summary>
internal sealed class CallerLimits(ApiOptions options) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _callers = Buckets(options.RequestsPerSecond, options.Burst);
    private readonly PartitionedRateLimiter<string> _refused = Buckets(options.RefusalsPerSecond, 5 * options.RefusalsPerSecond);

    /// <summary>Null while the caller may go on; how to refuse otherwise.</summary>
    public IResult? Ask(HttpContext context) =>
        Take(
            _callers,
            $"{context.User.Identity?.AuthenticationType}:{context.User.FindFirstValue(ClaimTypes.Name)}",
            context,
            "problem.many_by_key"
        );

    /// <summary>
    /// Counts a refusal. Only what is refused is counted and only that is answered 429: a good secret from the same address, such
    /// as a proxy's, is never held up.
    /// </summary>
    public IResult? Refuse(HttpContext context) =>
        Take(_refused, context.Connection.RemoteIpAddress?.ToString() ?? "", context, "problem.many_refused");

    public void Dispose()
    {
        _callers.Dispose();
        _refused.Dispose();
    }

    private static IResult? Take(PartitionedRateLimiter<string> limiter, string who, HttpContext context, string problem)
    {
        using var lease = limiter.AttemptAcquire(who);
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Period;
        return Busy.ComeBack(context, StatusCodes.Status429TooManyRequests, wait, problem);
    }

    private static PartitionedRateLimiter<string> Buckets(int perSecond, int burst) =>
        PartitionedRateLimiter.Create<string, string>(who =>
            perSecond == 0
                ? RateLimitPartition.GetNoLimiter(who)
                : RateLimitPartition.GetTokenBucketLimiter(
                    who,
                    _ =>
                        new()
                        {
                            TokenLimit = burst,
                            TokensPerPeriod = perSecond,
                            ReplenishmentPeriod = Period,
                            QueueLimit = 0,
                        }
                )
        );
}
