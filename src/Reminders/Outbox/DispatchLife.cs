using Reminders.Nodes;

namespace Reminders.Outbox;

/// <summary>Whether the two loops of one dispatcher get anywhere, for those who watch them: readiness, the log, an operator.</summary>
internal sealed class DispatchLife(string channel, OutboxOptions options, LoopWatch loops, Outages outages, TimeProvider time)
{
    // Beats for what got done, or for nothing to do.
    private readonly LoopWatch.Pulse _pulse = loops.Add(
        $"dispatch {channel}",
        options.SendLease + options.PollInterval + TimeSpan.FromSeconds(5)
    );
    private volatile bool _handsFull;

    /// <summary>By which an outage of this work is told, and its end.</summary>
    public string What { get; } = $"Dispatch over {channel}";

    /// <summary>The window has something to settle or to start, or has not.</summary>
    public void Holds(bool anything) => _handsFull = anything;

    /// <summary>The window got something done.</summary>
    public void Works()
    {
        _pulse.Beat();
        outages.Works(What);
    }

    /// <summary>There was nothing to claim. A window that fails with its hands full keeps that from being a sign of life.</summary>
    public void Idles()
    {
        if (!_handsFull)
        {
            Works();
        }
    }

    /// <summary>It failed. Also rests when it stops: cut short by the stop it would be no rest at all, and the loop a spin.</summary>
    public async Task RestAsync(Exception exception, int failures, CancellationToken stoppingToken)
    {
        outages.Failed(What, exception);
        await Task.Delay(
                RetryPolicy.Rest(failures, Random.Shared.NextDouble()),
                time,
                stoppingToken.IsCancellationRequested ? CancellationToken.None : stoppingToken
            )
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
