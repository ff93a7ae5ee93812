namespace Reminders.Channels.Email;

/// <summary>A message in its envelope.</summary>
/// <param name="Content">As it goes over the wire: dot-stuffed, CRLF at its end, without the final dot.</param>
internal sealed record SmtpMail(string From, string To, string MessageId, ReadOnlyMemory<byte> Content);

/// <summary>
/// One connection and its dialogue. Refusals are results; a break, a silence or nonsense is an exception, and
/// <see cref="Phase"/> says what it proves.
/// </summary>
internal sealed class SmtpConnection(EmailOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NoopPatience = TimeSpan.FromSeconds(3);

    private SmtpWire? _wire;
    private SmtpFeatures? _features;
    private long _idleSince;

    public SmtpPhase Phase { get; private set; }

    /// <summary>Whether it may carry another message.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Whether the server closed it (421) before it took up the message.</summary>
    public bool WasDismissed { get; private set; }

    public TimeSpan Idle => time.GetElapsedTime(_idleSince);

    private SmtpWire Wire => _wire ?? throw new InvalidOperationException("The connection is not open.");

    /// <returns>Null when it is ready for a message.</returns>
    public async Task<SendResult?> OpenAsync(CancellationToken cancellationToken)
    {
        _wire = await SmtpWire.ConnectAsync(options.Host, options.EffectivePort, cancellationToken);
        if (options.EffectiveSecurity == EmailSecurity.Tls)
        {
            Phase = SmtpPhase.StartTls;
            await _wire.StartTlsAsync(options.Host, options.CertificateSha256, cancellationToken);
        }
        Phase = SmtpPhase.Greeting;
        if (await _wire.ReadReplyAsync(cancellationToken) is { IsPositive: false } turnedAway)
        {
            return SmtpOutcome.Refused(Phase, turnedAway);
        }
        if (await HelloAsync(cancellationToken) is { } refused)
        {
            return refused;
        }
        if (options.EffectiveSecurity == EmailSecurity.StartTls && await ChangeToTlsAsync(cancellationToken) is { } exposed)
        {
            return exposed;
        }
        if (options.User.Length == 0)
        {
            return null;
        }
        Phase = SmtpPhase.Login;
        return await SmtpLogin.LogInAsync(_wire, _features!, options, cancellationToken);
    }

    /// <summary>Looks whether a connection that has rested still stands, so that no message has to find out.</summary>
    public async Task<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        IsUsable = false;
        Phase = SmtpPhase.Hello;
        if (Wire.HasSpoken)
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
        return (await AskAsync("NOOP", patience.Token)).IsPositive;
    }

    /// <param name="toDot">Ends everything up to the final dot.</param>
    /// <param name="afterDot">Called when the dot is written: ends the wait for its answer.</param>
    public async Task<SendResult> SendAsync(SmtpMail mail, CancellationToken toDot, Func<CancellationToken> afterDot)
    {
        IsUsable = false;
        if (mail.Content.Length > _features!.Size)
        {
            Rest(usable: true);
            return new SendResult.Rejected($"the message has {mail.Content.Length} bytes, the server takes {_features.Size}");
        }
        if (await AnnounceAsync(mail, toDot) is { } refused)
        {
            return refused;
        }
        Phase = SmtpPhase.Content;
        await Wire.WriteAsync(mail.Content, toDot);
        // The last look: as long as the dot is not written, whatever the server says or does is no delivery.
        if (Wire.HasSpoken)
        {
            return SmtpOutcome.Refused(Phase, await Wire.ReadReplyAsync(toDot));
        }
        toDot.ThrowIfCancellationRequested();
        Phase = SmtpPhase.Dot;
        var answer = afterDot();
        await Wire.WriteAsync(".\r\n", answer);
        var reply = await Wire.ReadReplyAsync(answer);
        Rest(!reply.IsGoodbye);
        return reply.IsPositive ? new SendResult.Sent(mail.MessageId) : SmtpOutcome.Refused(Phase, reply);
    }

    /// <summary>Says goodbye and does not wait for the answer.</summary>
    public async Task QuitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await Wire.WriteAsync("QUIT\r\n", patience.Token);
        }
        catch (Exception e) when (SmtpTransport.IsNetworks(e))
        {
        }
        Dispose();
    }

    public void Dispose() => _wire?.Dispose();

    private async Task<SendResult?> HelloAsync(CancellationToken cancellationToken)
    {
        Phase = SmtpPhase.Hello;
        var reply = await AskAsync($"EHLO {Wire.AddressLiteral}", cancellationToken);
        _features = SmtpFeatures.Read(reply);
        return reply.IsPositive ? null : SmtpOutcome.Refused(Phase, reply);
    }

    private async Task<SendResult?> ChangeToTlsAsync(CancellationToken cancellationToken)
    {
        Phase = SmtpPhase.StartTls;
        if (!_features!.StartTls)
        {
            return new SendResult.ChannelBroken("the server offers no STARTTLS while Email:Security is StartTls");
        }
        var reply = await AskAsync("STARTTLS", cancellationToken);
        if (!reply.IsPositive)
        {
            return SmtpOutcome.Refused(Phase, reply);
        }
        await Wire.StartTlsAsync(options.Host, options.CertificateSha256, cancellationToken);
        // What it said in the clear anybody may have said.
        return await HelloAsync(cancellationToken);
    }

    /// <summary>MAIL, RCPT and DATA: in one flight where the server offers PIPELINING (RFC 2920), else one by one.</summary>
    private async Task<SendResult?> AnnounceAsync(SmtpMail mail, CancellationToken cancellationToken)
    {
        var size = _features!.DeclaresSize ? $" SIZE={mail.Content.Length}" : "";
        string[] commands = [$"MAIL FROM:<{mail.From}>{size}\r\n", $"RCPT TO:<{mail.To}>\r\n", "DATA\r\n"];
        if (_features.Pipelining)
        {
            await Wire.WriteAsync(string.Concat(commands), cancellationToken);
        }
        SendResult? refused = null;
        try
        {
            for (var i = 0; i < commands.Length; i++)
            {
                Phase = SmtpPhase.Sender + i;
                if (!_features.Pipelining)
                {
                    await Wire.WriteAsync(commands[i], cancellationToken);
                }
                var reply = await Wire.ReadReplyAsync(cancellationToken);
                var open = reply.Code == 354;
                if (Phase == SmtpPhase.Data ? open : reply.IsPositive)
                {
                    // Some servers open DATA for nobody (RFC 2920, 3.1): that door is left, not closed with a lone dot.
                    if (open && refused is not null)
                    {
                        return refused;
                    }
                    continue;
                }
                refused ??= SmtpOutcome.Refused(Phase, reply);
                if (reply.IsGoodbye)
                {
                    WasDismissed = true;
                    return refused;
                }
                if (!_features.Pipelining)
                {
                    break;
                }
            }
            if (refused is not null)
            {
                Rest((await AskAsync("RSET", cancellationToken)).IsPositive);
            }
        }
        catch (Exception e) when (refused is not null && SmtpTransport.IsNetworks(e))
        {
            // It said no, and what it did then takes nothing back.
        }
        return refused;
    }

    private async Task<SmtpReply> AskAsync(string command, CancellationToken cancellationToken)
    {
        await Wire.WriteAsync($"{command}\r\n", cancellationToken);
        return await Wire.ReadReplyAsync(cancellationToken);
    }

    private void Rest(bool usable)
    {
        IsUsable = usable;
        _idleSince = time.GetTimestamp();
    }
}
