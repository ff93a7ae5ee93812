namespace Reminders.Lab.Bench;

/// <summary>
/// The floor: as many messages through a <see cref="PlainQueue"/>, which takes, sends, marks and commits, and knows of nothing else. One
/// worker.
/// </summary>
internal static class PlainQueueBurst
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<FloorResult> RunAsync(int count, int inFlight, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var cluster = await PlainQueueCluster.StartAsync(count, cancellationToken);
        var record = cluster.Telegram.Record;
        using var worker = cluster.StartWorker(inFlight);
        try
        {
            // Its compiler is not what is measured: the first quarter warms it up.
            await record.WaitForAsync(seen => seen.MessageCount >= count / 4, Patience, cancellationToken);
            var cpu = new CpuMeter([worker.Id], cluster.PostgresFolder);
            cpu.Start();
            var (began, before) = (time.GetTimestamp(), record.MessageCount);
            await record.WaitForAsync(seen => seen.MessageCount >= count, Patience, cancellationToken);
            var (took, sent) = (time.GetElapsedTime(began), count - before);
            return new(Math.Round(sent / took.TotalSeconds), cpu.Stop(sent));
        }
        finally
        {
            worker.Kill();
        }
    }
}

/// <param name="MessagesPerSecond">Counted where they arrived.</param>
internal sealed record FloorResult(double MessagesPerSecond, CpuPerThousand CpuMsPerThousand);
