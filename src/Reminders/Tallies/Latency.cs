namespace Reminders.Tallies;

/// <summary>Reads what <c>latency-bucket.sql</c> writes.</summary>
internal static class Latency
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>What a share of them took at most; null where there are none.</summary>
    /// <param name="buckets">How many are in each.</param>
    public static TimeSpan? Percentile(IReadOnlyDictionary<int, long> buckets, double share)
    {
        var wanted = Math.Ceiling(buckets.Values.Sum() * share);
        var passed = 0L;
        foreach (var (bucket, count) in buckets.Where(one => one.Key > 0).OrderBy(one => one.Key))
        {
            passed += count;
            if (passed >= wanted && passed > 0)
            {
                return Shortest * Math.Pow(2, bucket / 2.0);
            }
        }

        return null;
    }
}
