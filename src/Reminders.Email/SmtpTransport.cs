using System.Collections.Concurrent;
using System.Net.Sockets;
using MailKit;
using MailKit.Security;

namespace Reminders.Email;

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
        using var limits = new SmtpLimits(_options.Timeout, stop);
        try
        {
            await _slots.WaitAsync(limits.Token);
        }
        catch (OperationCanceledException)
        {
            return new SendResult.NotDelivered($"waiting for one of {_options.Connections} connections: {limits.Describe()}");
        }
        try
        {
            while (!mail.International && _idle.TryPop(out var used))
            {
                if (await AttemptAsync(used, used: true, mail, limits) is { } result)
                {
                    return result;
                }
            }
            return (await AttemptAsync(new SmtpConnection(_options, _time, mail.International), used: false, mail, limits))!;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Connects, greets and logs in, and sends nothing: whether a message would be listened to.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        using var limits = new SmtpLimits(_options.Timeout, stop);
        var connection = new SmtpConnection(_options, _time, international: false);
        try
        {
            if (await connection.OpenAsync(limits.Token) is { } refused)
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
        e
            is IOException
                or SocketException
                or System.Security.Authentication.AuthenticationException
                or InvalidDataException
                or OperationCanceledException
                or ObjectDisposedException
                or ProtocolException
                or SslHandshakeException
                or ServiceNotConnectedException;

    /// <returns>Null when a used connection was dead, and has carried nothing.</returns>
    private async Task<SendResult?> AttemptAsync(SmtpConnection connection, bool used, SmtpMail mail, SmtpLimits limits)
    {
        try
        {
            if (used && !await connection.IsAliveAsync(limits.Token))
            {
                return null;
            }
            if (!used && await connection.OpenAsync(limits.Token) is { } refused)
            {
                return refused;
            }
            var result = await connection.SendAsync(mail, limits);
            return used && connection.WasDismissed ? null : result;
        }
        catch (Exception e) when (connection.Phase >= SmtpPhase.Dot || IsNetworks(e))
        {
            var stale = used && connection.Phase < SmtpPhase.Content && !limits.Ended;
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
}
