namespace Reminders.Lab.Bench;

/// <summary>As many messages through another queue, whose one worker takes, sends and marks them, and knows of nothing else.</summary>
internal static class PeerBurst
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<PeerResult> RunAsync(
        IPeer peer,
        int count,
        int inFlight,
        bool tuned,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        count = Math.Min(count, peer.Most);
        await using var cluster = await PeerCluster.StartAsync(peer, count, cancellationToken, tuned);
        var record = cluster.Telegram.Record;
        using var worker = cluster.StartWorker(inFlight);
        try
        {
            // Its compiler is not what is measured: the first quarter warms it up.
            var warm = record.WaitForAsync(seen => seen.MessageCount >= count / 4, Patience, cancellationToken);
            if (await Task.WhenAny(warm, worker.WaitForExitAsync(cancellationToken)) != warm)
            {
                throw new PeerException($"The worker of {peer.Name} ended with code {worker.ExitCode}.");
            }

            await warm;
            var cpu = new CpuMeter([worker.Id], cluster.PostgresFolder);
            cpu.Start();
            var (began, before) = (time.GetTimestamp(), record.MessageCount);
            await record.WaitForAsync(seen => seen.MessageCount >= count, Patience, cancellationToken);
            var (took, sent) = (time.GetElapsedTime(began), count - before);
            return new(peer.Name, Math.Round(sent / took.TotalSeconds), cpu.Stop(sent));
        }
        finally
        {
            worker.Kill();
        }
    }
}

/// <param name="MessagesPerSecond">Counted where they arrived.</param>
internal sealed record PeerResult(string Name, double MessagesPerSecond, CpuPerThousand CpuMsPerThousand);
