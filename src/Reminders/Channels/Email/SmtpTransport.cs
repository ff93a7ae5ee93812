using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Reminders.Channels.Email;

/// <summary>
/// Hands messages to the server over a few connections that are kept and used again. A message is put to a server once: only
/// a connection that turns out dead <em>before</em> DATA was answered is replaced under it. Safe for concurrent use.
/// </summary>
internal sealed class SmtpTransport : IDisposable
{
    // Below what servers wait before they hang up (RFC 5321 asks for 5 minutes, many take 30–60 s).
    private static readonly TimeSpan KeptIdle = TimeSpan.FromSeconds(20);

    private readonly EmailOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    // The last used goes first: what a quiet hour does not need grows old and is closed.
    private readonly ConcurrentStack<SmtpConnection> _idle = new();
    private readonly ITimer _sweep;
    private volatile bool _disposed;

    public SmtpTransport(EmailOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _slots = new SemaphoreSlim(options.Connections);
        _sweep = time.CreateTimer(_ => CloseIdle(KeptIdle), null, KeptIdle / 2, KeptIdle / 2);
    }

    public async Task<SendResult> SendAsync(SmtpMail mail, CancellationToken stop)
    {
        using var limits = new Limits(_options.Timeout, stop);
        try
        {
            await _slots.WaitAsync(limits.ToDot);
        }
        catch (OperationCanceledException)
        {
            return new SendResult.NotDelivered($"waiting for one of {_options.Connections} connections: {limits.Describe()}");
        }
        try
        {
            while (_idle.TryPop(out var used))
            {
                if (await AttemptAsync(used, used: true, mail, limits) is { } result)
                {
                    return result;
                }
            }
            return (await AttemptAsync(new SmtpConnection(_options, _time), used: false, mail, limits))!;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Connects, greets and logs in, and sends nothing: whether a message would be listened to.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        using var limits = new Limits(_options.Timeout, stop);
        var connection = new SmtpConnection(_options, _time);
        try
        {
            if (await connection.OpenAsync(limits.ToDot) is { } refused)
            {
                connection.Dispose();
                return ProbeResult.Ill($"{refused}");
            }
            await connection.QuitAsync();
            return ProbeResult.Well;
        }
        catch (Exception e) when (IsNetworks(e))
        {
            connection.Dispose();
            return ProbeResult.Ill(limits.Ended ? limits.Describe() : e.GetBaseException().Message);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _sweep.Dispose();
        CloseIdle(TimeSpan.Zero);
    }

    /// <summary>What a network, as opposed to a bug, throws.</summary>
    internal static bool IsNetworks(Exception e) =>
        e is IOException or SocketException or AuthenticationException or InvalidDataException or OperationCanceledException or ObjectDisposedException;

    /// <returns>Null when a used connection was dead, and has carried nothing.</returns>
    private async Task<SendResult?> AttemptAsync(SmtpConnection connection, bool used, SmtpMail mail, Limits limits)
    {
        try
        {
            if (used && !await connection.IsAliveAsync(limits.ToDot))
            {
                return null;
            }
            if (!used && await connection.OpenAsync(limits.ToDot) is { } refused)
            {
                return refused;
            }
            var result = await connection.SendAsync(mail, limits.ToDot, limits.AfterDot);
            return used && connection.WasDismissed ? null : result;
        }
        catch (Exception e) when (connection.Phase >= SmtpPhase.Dot || IsNetworks(e))
        {
            var stale = used && connection.Phase < SmtpPhase.Content && !limits.ToDot.IsCancellationRequested;
            return stale ? null : SmtpOutcome.Broken(connection.Phase, limits.Ended ? limits.Describe() : e.GetBaseException().Message);
        }
        finally
        {
            Keep(connection);
        }
    }

    private void Keep(SmtpConnection connection)
    {
        if (!connection.IsUsable || _disposed)
        {
            connection.Dispose();
            return;
        }
        _idle.Push(connection);
    }

    private void CloseIdle(TimeSpan olderThan)
    {
        var young = new Stack<SmtpConnection>();
        while (_idle.TryPop(out var connection))
        {
            if (connection.Idle < olderThan)
            {
                young.Push(connection);
            }
            else
            {
                _ = connection.QuitAsync();
            }
        }
        foreach (var connection in young)
        {
            _idle.Push(connection);
        }
    }

    /// <summary>The two times a message has, and which of them ran out.</summary>
    private sealed class Limits : IDisposable
    {
        private readonly TimeSpan _timeout;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenSource _toDot;
        private CancellationTokenSource? _afterDot;

        public Limits(TimeSpan timeout, CancellationToken stop)
        {
            (_timeout, _stop) = (timeout, stop);
            _toDot = Begin();
        }

        public CancellationToken ToDot => _toDot.Token;

        public bool Ended => (_afterDot ?? _toDot).IsCancellationRequested;

        public CancellationToken AfterDot() => (_afterDot = Begin()).Token;

        public string Describe() => _stop.IsCancellationRequested
            ? "the node stopped"
            : string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds:0.###} s");

        public void Dispose()
        {
            _toDot.Dispose();
            _afterDot?.Dispose();
        }

        private CancellationTokenSource Begin()
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(_stop);
            source.CancelAfter(_timeout);
            return source;
        }
    }
}
