namespace Reminders.Lab.Bench;

/// <summary>The same SIGKILL to one of two workers of a <see cref="PlainQueue"/>, for comparison.</summary>
internal static class PlainQueueKill
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<KillResult> RunAsync(int count, int inFlight, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var cluster = await PeerCluster.StartAsync(new PlainQueue(), count, cancellationToken);
        var record = cluster.Telegram.Record;
        using var victim = cluster.StartWorker(inFlight);
        using var survivor = cluster.StartWorker(inFlight);
        try
        {
            var quarter = record.WaitForAsync(seen => seen.MessageCount >= count / 4, Patience, cancellationToken);
            if (await Task.WhenAny(quarter, survivor.WaitForExitAsync(cancellationToken)) != quarter)
            {
                throw new InvalidOperationException($"A worker of the plain queue ended with code {survivor.ExitCode}.");
            }

            victim.Kill();
            var (killed, before) = (time.GetUtcNow(), record.MessageCount);
            await survivor.WaitForExitAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return KillResult.Of(count, before, killed, record.Messages, []);
        }
        finally
        {
            victim.Kill();
            survivor.Kill();
        }
    }
}
