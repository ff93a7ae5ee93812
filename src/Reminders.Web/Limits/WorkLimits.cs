using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Web.Limits;

/// <summary>
/// How much of the database requests may hold at once. Everything that a node does shares one pool: requests may take most of
/// it and never all, and those about one subject, which wait for each other in its row, only a few of it.
/// </summary>
internal sealed class WorkLimits : IDisposable
{
    // They wait in memory, without a connection, and no longer than Patience.
    private const int MostWaiting = 1000;
    private const int MostWaitingForSubject = 256;

    private readonly ConcurrencyLimiter _connections;
    private readonly PartitionedRateLimiter<string> _subjects;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    public WorkLimits(ApiOptions options, Database dataSource, TimeProvider time)
    {
        var pool = new NpgsqlConnectionStringBuilder(dataSource.Source.ConnectionString).MaxPoolSize;
        var most = options.Connections == 0 ? pool * 3 / 4 : Math.Min(options.Connections, pool - 1);
        _connections = new(new() { PermitLimit = Math.Max(1, most), QueueLimit = MostWaiting });
        _subjects = PartitionedRateLimiter.Create<string, string>(subject =>
            RateLimitPartition.GetConcurrencyLimiter(
                subject,
                _ => new() { PermitLimit = options.PerSubject, QueueLimit = MostWaitingForSubject }
            )
        );
        (_patience, _time) = (options.Patience, time);
    }

    /// <summary>Runs what needs the database when there is room; refuses when there is none in time.</summary>
    /// <param name="subject">What it is about, if that is one thing.</param>
    public async ValueTask<object?> RunAsync(HttpContext context, string? subject, Func<ValueTask<object?>> work)
    {
        using var turn = subject is null
            ? null
            : await AcquireAsync(stop => _subjects.AcquireAsync(subject, 1, stop), context.RequestAborted);
        if (turn is { IsAcquired: false })
        {
            return Busy.ComeBack(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(1), "problem.many_about");
        }

        using var room = await AcquireAsync(stop => _connections.AcquireAsync(1, stop), context.RequestAborted);
        return room is { IsAcquired: true }
            ? await work()
            : Busy.ComeBack(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(1), "problem.hands_full");
    }

    public void Dispose()
    {
        _connections.Dispose();
        _subjects.Dispose();
    }

    /// <summary>Null when it took too long.</summary>
    private async ValueTask<RateLimitLease> AcquireAsync(
        Func<CancellationToken, ValueTask<RateLimitLease>> acquire,
        CancellationToken aborted
    )
    {
        using var late = new CancellationTokenSource(_patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, aborted);
        try
        {
            return await acquire(stop.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return NotInTime.Lease;
        }
    }

    private sealed class NotInTime : RateLimitLease
    {
        public static readonly NotInTime Lease = new();

        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
