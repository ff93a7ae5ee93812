using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Inbox;
using Reminders.Web.Keys;

namespace Reminders.Web.Inbox;

/// <summary>The live connections of this node, each of which lasts no longer than its token: asked for all of them at once.</summary>
internal sealed partial class LiveSockets(
    AccessTokens tokens,
    InboxOptions options,
    InboxMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LiveSockets> logger
) : BackgroundService
{
    private readonly ConcurrentDictionary<LiveSocket, byte> _open = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<LiveSocket>> _byPerson = [];

    /// <summary>Returns when the connection has ended.</summary>
    public async Task RunAsync(LiveSocket socket)
    {
        _open[socket] = 0;
        MakeRoom(socket);
        metrics.Opened();
        var why = SocketEnd.Lost;
        try
        {
            why = await socket.RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            _open.TryRemove(socket, out _);
            Leave(socket);
            metrics.Closed(why);
        }
    }

    // The oldest goes: it is likelier to be a page that nobody looks at than the one just opened.
    private void MakeRoom(LiveSocket socket)
    {
        LiveSocket? surplus = null;
        lock (_gate)
        {
            if (!_byPerson.TryGetValue(socket.Recipient, out var theirs))
            {
                _byPerson[socket.Recipient] = theirs = [];
            }

            theirs.Add(socket);
            if (theirs.Count > options.SocketsPerPerson)
            {
                surplus = theirs[0];
                theirs.RemoveAt(0);
            }
        }
        surplus?.End(SocketEnd.TooMany);
    }

    private void Leave(LiveSocket socket)
    {
        lock (_gate)
        {
            if (_byPerson.TryGetValue(socket.Recipient, out var theirs) && theirs.Remove(socket) && theirs.Count == 0)
            {
                _byPerson.Remove(socket.Recipient);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await EndThoseWithoutAccessAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(OutsideText.Clean(exception.Message));
            }
        }
    }

    private async Task EndThoseWithoutAccessAsync(CancellationToken cancellationToken)
    {
        var byToken = _open.Keys.ToLookup(socket => Convert.ToHexString(socket.TokenHash));
        if (byToken.Count == 0)
        {
            return;
        }

        foreach (var ended in await tokens.FindEndedAsync([.. byToken.Select(same => same.First().TokenHash)], cancellationToken))
        {
            foreach (var socket in byToken[Convert.ToHexString(ended)])
            {
                socket.End(SocketEnd.NoAccess);
            }
        }
    }

    [LoggerMessage(5101, LogLevel.Warning, "Whether live connections may stay could not be asked ({Reason}); it is asked again")]
    private partial void LogInterrupted(string reason);
}
