using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Mail;

/// <summary>
/// A mail server of one's own, on the loopback: it takes every mail in and delivers it to nobody but the
/// <see cref="Record"/>. See README.md beside this file.
/// </summary>
public sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly SimulatorServer _control;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, MailSession> _sessions = new();
    private Task _accepting = Task.CompletedTask;

    private MailSink(MailSinkOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        Faults = new MailFaultPlan(options.Seed);
        Certificate = SelfSigned();
        _listener = new TcpListener(IPAddress.Loopback, options.Port);
        _control = new SimulatorServer(options.ControlPort, new MailControl(this).HandleAsync);
    }

    /// <summary>Where SMTP is spoken, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Where the control is, for example <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri ControlAddress { get; private set; } = null!;

    /// <summary>The certificate's SHA-256 fingerprint in hex, for clients that pin it: no authority vouches for it.</summary>
    public string CertificateSha256 => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public MailFaultPlan Faults { get; }

    public MailRecord Record { get; } = new();

    internal MailSinkOptions Options { get; }

    internal TimeProvider Time { get; }

    internal X509Certificate2 Certificate { get; }

    /// <param name="time">The clock of arrivals and delays. Default: the system's.</param>
    public static async Task<MailSink> StartAsync(
        MailSinkOptions? options = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        var sink = new MailSink(options ?? new(), time ?? TimeProvider.System);
        try
        {
            sink._listener.Start();
            sink.Port = ((IPEndPoint)sink._listener.LocalEndpoint).Port;
            sink.ControlAddress = await sink._control.StartAsync(cancellationToken).ConfigureAwait(false);
            sink._accepting = sink.AcceptAsync();
            return sink;
        }
        catch
        {
            await sink.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes every connection that stands, as servers do with those that rest.</summary>
    public void HangUp()
    {
        foreach (var session in _sessions.Values)
        {
            session.HangUp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Stop();
        await Task.WhenAll(_sessions.Keys).ConfigureAwait(false);
        await _control.DisposeAsync().ConfigureAwait(false);
        Certificate.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token).ConfigureAwait(false);
                // Answers to a flight of commands go one by one: each would wait 40 ms for the client's acknowledgement of the last.
                client.NoDelay = true;
                var session = new MailSession(this, client);
                var running = session.RunAsync(_closing.Token);
                _sessions.TryAdd(running, session);
                _ = running.ContinueWith(ended => _sessions.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException) { }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // The real clock's: that is what a client judges it by.
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
