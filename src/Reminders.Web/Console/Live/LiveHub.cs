using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Nodes;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Live;

/// <summary>
/// Tells the open pages of this node that something has changed. Commands say so themselves, on every node; what the dispatchers do is
/// looked for, once for all viewers of a node, and not while nobody looks.
/// </summary>
internal sealed class LiveHub(ConsoleDatabase database, Signals signals, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostEvery = TimeSpan.FromSeconds(10);
    private readonly Broadcast _watched = new();
    private readonly Signal _somebody = new();
    private int _viewers;

    /// <summary>Somebody who looks, until it is disposed of.</summary>
    public IDisposable Look()
    {
        Interlocked.Increment(ref _viewers);
        _somebody.Set();
        return new Viewer(this);
    }

    /// <summary>Over when something has changed; to be taken before the page is read.</summary>
    /// <param name="recruiter">Who sees their own bookings alone; null for those who see all.</param>
    public Task Next(long? recruiter) => Task.WhenAny(signals.Looked.Next(recruiter), _watched.Next);

    /// <summary>How long a page that was told of a change draws breath: all of a node's ask twenty times a second together.</summary>
    public TimeSpan Pause => Shared(Viewers.Breath, 20, LiveEndpoint.Heartbeat);

    // What sends goes on all the time where much is sent: it pays for two pages a second, however many are open.
    private TimeSpan UntilNextLook => Shared(Every, 2, MostEvery);

    private TimeSpan Shared(TimeSpan alone, int aSecond, TimeSpan atMost) =>
        TimeSpan.FromSeconds(Math.Clamp((double)Volatile.Read(ref _viewers) / aSecond, alone.TotalSeconds, atMost.TotalSeconds));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? last = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (Volatile.Read(ref _viewers) == 0)
            {
                last = null;
                await _somebody.WaitAsync(stoppingToken);
                continue;
            }

            try
            {
                var stamp = await database.StampAsync(stoppingToken);
                if (last is not null && stamp != last || !signals.Listening)
                {
                    _watched.Set();
                }

                last = stamp;
            }
            catch (NpgsqlException)
            {
                // The pages say so themselves, when they ask.
            }

            await Task.Delay(UntilNextLook, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Viewer(LiveHub hub) : IDisposable
    {
        private int _gone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
            {
                Interlocked.Decrement(ref hub._viewers);
            }
        }
    }
}
