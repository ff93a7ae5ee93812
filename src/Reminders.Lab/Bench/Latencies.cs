namespace Reminders.Lab.Bench;

/// <summary>How long something took, in milliseconds.</summary>
internal sealed record Latency(int Count, double P50Ms, double P99Ms, double MaxMs)
{
    public static Latency Of(IEnumerable<TimeSpan> samples)
    {
        double[] sorted = [.. samples.Select(sample => sample.TotalMilliseconds).Order()];
        double At(double share) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * share) - 1)], 2);
        return new(sorted.Length, At(0.5), At(0.99), At(1));
    }
}
