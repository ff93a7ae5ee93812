using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Reminders.Email;

/// <summary>
/// One connection of MailKit's, that knows how far a message has come. Refusals are results; a break, a silence or nonsense is
/// an exception, and <see cref="Phase"/> says what it proves.
/// </summary>
/// <param name="options">The server, and how it is spoken to.</param>
/// <param name="time">The clock of <see cref="Idle"/>.</param>
/// <param name="international">
/// Whether addresses may be in UTF-8 (SMTPUTF8). Not otherwise: where a server offers it, MailKit would ask for it for a domain
/// alone, and a relay further on that lacks it would return a mail that ASCII could have carried.
/// </param>
internal sealed class SmtpConnection(EmailOptions options, TimeProvider time, bool international) : SmtpClient(new ReplyWatch())
{
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoopPatience = TimeSpan.FromSeconds(3);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private long _idleSince;
    private long _size;
    private SmtpLimits? _limits;
    private SendResult? _lastWord;

    public SmtpPhase Phase { get; private set; }

    /// <summary>Whether it may carry another message.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Whether the server closed it (421) before it took up the message.</summary>
    public bool WasDismissed { get; private set; }

    public TimeSpan Idle => time.GetElapsedTime(_idleSince);

    private ReplyWatch Watch => (ReplyWatch)ProtocolLogger;

    // Readable is a word unasked, or the end. Under TLS it may be a record without words: that costs a new connection, no more.
    private bool HasSpoken => Watch.SpokeUnasked || _socket.Poll(0, SelectMode.SelectRead);

    /// <returns>Null when it is ready for a message.</returns>
    public async Task<SendResult?> OpenAsync(CancellationToken cancellationToken)
    {
        ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            options.CertificateSha256.Length == 0
                ? errors == System.Net.Security.SslPolicyErrors.None
                : certificate
                    ?.GetCertHashString(HashAlgorithmName.SHA256)
                    .Equals(options.CertificateSha256, StringComparison.OrdinalIgnoreCase)
                    is true;
        CheckCertificateRevocation = false; // as everywhere in .NET: a closed network has no way to a revocation list
        await _socket.ConnectAsync(options.Host, options.EffectivePort, cancellationToken);
        // EHLO has the address, when a machine has no name the world knows.
        LocalDomain = Unscoped(((IPEndPoint)_socket.LocalEndPoint!).Address).ToString();
        try
        {
            await ConnectAsync(
                new NetworkStream(_socket, ownsSocket: true),
                options.Host,
                options.EffectivePort,
                Protection(),
                cancellationToken
            );
        }
        catch (SmtpCommandException e)
        {
            return SmtpOutcome.Refused(Phase, (int)e.StatusCode, e.Message);
        }
        catch (NotSupportedException)
        {
            return new SendResult.ChannelBroken("the server offers no STARTTLS while Email:Security is StartTls");
        }
        // BDAT has no dot: the whole text would be on its way before anything could be said of it.
        Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime | (international ? 0 : SmtpCapabilities.UTF8));
        Phase = SmtpPhase.Login;
        return options.User.Length == 0 ? null : await SmtpLogin.LogInAsync(this, options, cancellationToken);
    }

    /// <summary>Looks whether a connection that has rested still stands, so that no message has to find out.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        (IsUsable, Phase) = (false, SmtpPhase.Connecting);
        if (HasSpoken)
        {
            return false;
        }
        if (Idle < TrustedFor)
        {
            return true;
        }
        // A firewall that has forgotten the connection tells neither side.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(NoopPatience);
        return (await SendCommandAsync("NOOP", patience.Token)).StatusCode == SmtpStatusCode.Ok;
    }

    public async Task<SendResult> SendAsync(SmtpMail mail, SmtpLimits limits)
    {
        (IsUsable, Phase, _limits, _size, _lastWord) = (false, SmtpPhase.Sender, limits, mail.Size, null);
        if (Unfit(mail) is { } unfit)
        {
            Rest(usable: true);
            return unfit;
        }
        (mail.Body.Writing, mail.Body.Written) = (() => Phase = SmtpPhase.Content, LastLookAsync);
        try
        {
            await SendAsync(mail.Format, mail.Message, mail.From, [mail.To], limits.Token);
            Rest(usable: true);
            return new SendResult.Sent(mail.MessageId);
        }
        catch (SmtpCommandException e)
        {
            return Answered(mail, (int)e.StatusCode, e.Message);
        }
        catch (ServiceNotAuthenticatedException e)
        {
            return Answered(mail, 530, e.Message);
        }
        catch (Exception) when (_lastWord is not null)
        {
            return _lastWord;
        }
    }

    /// <summary>Says goodbye and closes.</summary>
    public async Task QuitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception e) when (SmtpTransport.IsNetworks(e)) { }
        Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
        }
        base.Dispose(disposing);
    }

    // It is prepared (7 bits, for any server) and measured when it comes here; signed too, so nothing of it may change.
    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength) { }

    protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(_size);

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        Phase = SmtpPhase.Recipient;

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        Phase = SmtpPhase.Data;
        Watch.Forget(); // MAIL's and RCPT's answers may come in one flight
    }

    /// <summary>As long as the dot is not written, whatever the server says or does is no delivery.</summary>
    private async Task LastLookAsync(Stream? wire, CancellationToken cancellationToken)
    {
        if (wire is not null)
        {
            await wire.FlushAsync(cancellationToken);
            if (HasSpoken)
            {
                _lastWord = await LastWordAsync(cancellationToken);
                throw new InvalidDataException("the server spoke before the final dot");
            }
        }
        _limits!.BeginAnswer();
        Phase = SmtpPhase.Dot;
    }

    private async Task<SendResult> LastWordAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One more line of text, and the next answer.
            var reply = await SendCommandAsync("", cancellationToken);
            return SmtpOutcome.Refused(Phase, (int)reply.StatusCode, reply.Response);
        }
        catch (Exception e) when (SmtpTransport.IsNetworks(e))
        {
            return SmtpOutcome.Broken(Phase, _limits!.Ended ? _limits.Describe() : e.GetBaseException().Message);
        }
    }

    private SendResult? Unfit(SmtpMail mail) =>
        MaxSize > 0 && mail.Size > MaxSize ? new SendResult.Rejected($"the message has {mail.Size} bytes, the server takes {MaxSize}")
        : international
        && (Capabilities & (SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime))
            != (SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime)
            ? new SendResult.Unreachable($"the address '{mail.To.Address}' needs SMTPUTF8, which the server does not offer")
        : null;

    private SendResult Answered(SmtpMail mail, int code, string text)
    {
        WasDismissed = code == SmtpOutcome.Goodbye && Phase < SmtpPhase.Content;
        Rest(IsConnected && code != SmtpOutcome.Goodbye);
        Watch.Forget();
        // MailKit insists on 250; any 2yz is a yes (RFC 5321, 4.2.1).
        return Phase == SmtpPhase.Dot && code / 100 == 2 ? new SendResult.Sent(mail.MessageId) : SmtpOutcome.Refused(Phase, code, text);
    }

    private void Rest(bool usable)
    {
        IsUsable = usable && !international;
        _idleSince = time.GetTimestamp();
    }

    private SecureSocketOptions Protection() =>
        options.EffectiveSecurity switch
        {
            EmailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            EmailSecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };

    private static IPAddress Unscoped(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6
            ? new IPAddress(address.GetAddressBytes())
            : address;
}
