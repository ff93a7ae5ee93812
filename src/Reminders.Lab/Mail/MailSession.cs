using System.Net.Sockets;
using System.Security.Authentication;

namespace Reminders.Lab.Mail;

/// <summary>One connection, from greeting to QUIT: RFC 5321 with PIPELINING, 8BITMIME, SIZE, SMTPUTF8, STARTTLS and AUTH.</summary>
internal sealed class MailSession(MailSink sink, TcpClient client)
{
    private readonly MailLine _line = new(client);
    private readonly List<string> _recipients = [];
    private int _number;
    private bool _greeted;
    private string? _user;
    private string? _sender;
    private bool _eightBit;
    private bool _utf8;

    private string Recipient => _recipients.Count > 0 ? _recipients[0] : "";

    private bool MayMail => (sink.Options.User is null || _user is not null) && (!sink.Options.RequireTls || _line.IsTls);

    public void HangUp() => _line.Dispose();

    public async Task RunAsync(CancellationToken closing)
    {
        _number = sink.Record.Connected();
        try
        {
            if (sink.Options.ImplicitTls)
            {
                await _line.StartTlsAsync(sink.Certificate, closing).ConfigureAwait(false);
            }

            await AnswerAsync(MailPhase.Connect, "220 sandbox.invalid ESMTP, everything is taken and nothing delivered", closing)
                .ConfigureAwait(false);
            while (await _line.ReadAsync(closing).ConfigureAwait(false) is { } line)
            {
                if (!sink.Options.QuietLog)
                {
                    await Console.Error.WriteLineAsync($"smtp {_number}: {line.Text}").ConfigureAwait(false);
                }

                await TakeAsync(line.Text, closing).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsEnd(exception)) { }
        finally
        {
            _line.Dispose();
            sink.Record.Closed();
        }
    }

    private static bool IsEnd(Exception exception) =>
        exception
            is SessionOver
                or IOException
                or SocketException
                or ObjectDisposedException
                or OperationCanceledException
                or AuthenticationException;

    private Task TakeAsync(string line, CancellationToken closing)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (verb, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        return verb.ToUpperInvariant() switch
        {
            "EHLO" or "HELO" => HelloAsync(verb, rest, closing),
            "STARTTLS" => StartTlsAsync(closing),
            "AUTH" => LogInAsync(rest, closing),
            "MAIL" => SenderAsync(rest, closing),
            "RCPT" => RecipientAsync(rest, closing),
            "DATA" => DataAsync(closing),
            "RSET" => ResetAsync(closing),
            "NOOP" => AnswerAsync(MailPhase.Noop, "250 2.0.0 still here", closing),
            "VRFY" => WriteAsync("252 2.0.0 try it and see", closing),
            "QUIT" => QuitAsync(closing),
            _ => WriteAsync("500 5.5.2 no such command", closing),
        };
    }

    private Task HelloAsync(string verb, string name, CancellationToken closing)
    {
        if (name.Length == 0)
        {
            return WriteAsync("501 5.5.4 and who are you?", closing);
        }

        (_greeted, _sender) = (true, null);
        _recipients.Clear();
        if (verb.Equals("HELO", StringComparison.OrdinalIgnoreCase))
        {
            return AnswerAsync(MailPhase.Hello, $"250 sandbox.invalid greets {name}", closing);
        }

        List<string> lines = [$"sandbox.invalid greets {name}", "8BITMIME", $"SIZE {sink.Options.MaxSize}"];
        if (sink.Options.Pipelining)
        {
            lines.Add("PIPELINING");
        }

        if (sink.Options.Utf8)
        {
            lines.Add("SMTPUTF8");
        }

        if (sink.Options.StartTls && !_line.IsTls)
        {
            lines.Add("STARTTLS");
        }

        if (sink.Options.User is not null && (!sink.Options.RequireTls || _line.IsTls))
        {
            lines.Add($"AUTH {string.Join(' ', sink.Options.Logins)}");
        }

        lines.Add("ENHANCEDSTATUSCODES");
        return AnswerAsync(
            MailPhase.Hello,
            string.Join("\r\n", lines.Select((text, i) => $"250{(i == lines.Count - 1 ? ' ' : '-')}{text}")),
            closing
        );
    }

    private async Task StartTlsAsync(CancellationToken closing)
    {
        if (!sink.Options.StartTls || _line.IsTls)
        {
            await WriteAsync("503 5.5.1 not now", closing).ConfigureAwait(false);
        }
        else if (await AnswerAsync(MailPhase.StartTls, "220 2.0.0 go ahead", closing).ConfigureAwait(false))
        {
            await _line.StartTlsAsync(sink.Certificate, closing).ConfigureAwait(false);
            _greeted = false;
        }
    }

    private async Task LogInAsync(string arguments, CancellationToken closing)
    {
        if (!_greeted || sink.Options.User is null || _user is not null || (sink.Options.RequireTls && !_line.IsTls))
        {
            await WriteAsync("503 5.5.1 not now", closing).ConfigureAwait(false);
            return;
        }

        var right = await MailLogin.IsRightAsync(arguments, sink.Options, AskAsync).ConfigureAwait(false);
        if (
            await AnswerAsync(MailPhase.Login, right ? "235 2.7.0 welcome" : "535 5.7.8 authentication credentials invalid", closing)
                .ConfigureAwait(false) && right
        )
        {
            _user = sink.Options.User;
        }

        async Task<string> AskAsync(string challenge)
        {
            await WriteAsync($"334 {challenge}", closing).ConfigureAwait(false);
            return (await _line.ReadAsync(closing).ConfigureAwait(false) ?? throw new SessionOver()).Text;
        }
    }

    private async Task SenderAsync(string arguments, CancellationToken closing)
    {
        var command = MailPath.Read(arguments, "FROM:");
        var refusal =
            !_greeted ? "503 5.5.1 EHLO first"
            : !MayMail ? "530 5.7.0 authentication or STARTTLS required"
            : _sender is not null ? "503 5.5.1 one sender is enough"
            : command is null ? "501 5.5.4 that is no MAIL FROM:<address>"
            : command.Parameters.Keys.FirstOrDefault(key => key is not ("SIZE" or "BODY") && !(key is "SMTPUTF8" && sink.Options.Utf8))
                is { } unknown
                ? $"555 5.5.4 unknown parameter {unknown}"
            : command.IsInternational && !command.Parameters.ContainsKey("SMTPUTF8") ? "553 5.6.7 an address in UTF-8 without SMTPUTF8"
            : command.Number("SIZE") > sink.Options.MaxSize ? $"552 5.3.4 more than {sink.Options.MaxSize} bytes"
            : null;
        if (refusal is not null)
        {
            await WriteAsync(refusal, closing).ConfigureAwait(false);
        }
        else if (await AnswerAsync(MailPhase.Sender, "250 2.1.0 sender ok", closing).ConfigureAwait(false))
        {
            _sender = command!.Address;
            _utf8 = command.Parameters.ContainsKey("SMTPUTF8");
            _eightBit = command.Parameters.TryGetValue("BODY", out var body) && body.Equals("8BITMIME", StringComparison.OrdinalIgnoreCase);
        }
    }

    private async Task RecipientAsync(string arguments, CancellationToken closing)
    {
        var command = MailPath.Read(arguments, "TO:");
        var refusal =
            _sender is null ? "503 5.5.1 MAIL first"
            : command is null or { Address.Length: 0 } ? "501 5.5.4 that is no RCPT TO:<address>"
            : command.IsInternational && !_utf8 ? "553 5.6.7 an address in UTF-8 without SMTPUTF8"
            : sink.Options.UnknownMailboxes.Contains(command.Address, StringComparer.OrdinalIgnoreCase) ? "550 5.1.1 no such mailbox"
            : null;
        if (refusal is not null)
        {
            await WriteAsync(refusal, closing).ConfigureAwait(false);
        }
        else if (await AnswerAsync(MailPhase.Recipient, "250 2.1.5 recipient ok", closing, command!.Address).ConfigureAwait(false))
        {
            _recipients.Add(command.Address);
        }
    }

    private async Task DataAsync(CancellationToken closing)
    {
        if (_recipients.Count == 0)
        {
            await WriteAsync("503 5.5.1 nobody to send it to", closing).ConfigureAwait(false);
            return;
        }

        if (!await AnswerAsync(MailPhase.Data, "354 end with a dot on a line of its own", closing, Recipient).ConfigureAwait(false))
        {
            return;
        }

        var text =
            await MailContent.ReadAsync(_line, () => SpoilAsync(MailPhase.Content, Recipient, closing), closing).ConfigureAwait(false)
            ?? throw new SessionOver();
        var refusal = text.Problem(_eightBit, _utf8, sink.Options.MaxSize);
        var fault = refusal is null ? sink.Faults.Decide(MailPhase.Dot, Recipient) : null;
        ReceivedMail? mail = null;
        if (refusal is null && fault is null or { Kind: MailFaultKind.Delay } or { Accepts: true })
        {
            mail = new ReceivedMail(
                _sender!,
                [.. _recipients],
                text.Raw,
                text.Message!,
                _user,
                _line.IsTls,
                _utf8,
                _number,
                sink.Time.GetUtcNow(),
                fault?.Kind
            );
            sink.Record.Add(mail);
        }

        if (
            fault is
            { Kind: MailFaultKind.Cut or MailFaultKind.Reset or MailFaultKind.Silence or MailFaultKind.Nonsense or MailFaultKind.Endless }
        )
        {
            Doubt(fault.Kind, text, mail);
        }

        if (fault is null || !await SpoilAsync(fault, closing).ConfigureAwait(false))
        {
            if (fault is not null && _line.IsAbandoned)
            {
                Doubt(fault.Kind, text, mail);
            }

            await WriteAsync(refusal ?? $"250 2.0.0 taken as {sink.Record.MailCount}", closing).ConfigureAwait(false);
        }

        _sender = null;
        _recipients.Clear();
    }

    private void Doubt(MailFaultKind fault, MailContent text, ReceivedMail? mail) =>
        sink.Record.Add(
            new MailDoubt(Recipient, text.Message?.Headers["Message-ID"] ?? "", mail is not null, fault, sink.Time.GetUtcNow())
        );

    private Task ResetAsync(CancellationToken closing)
    {
        _sender = null;
        _recipients.Clear();
        return WriteAsync("250 2.0.0 forgotten", closing);
    }

    private async Task QuitAsync(CancellationToken closing)
    {
        await WriteAsync("221 2.0.0 bye", closing).ConfigureAwait(false);
        throw new SessionOver();
    }

    /// <returns>Whether the answer was given, and no fault in its place.</returns>
    private async Task<bool> AnswerAsync(MailPhase phase, string answer, CancellationToken closing, string recipient = "")
    {
        if (await SpoilAsync(phase, recipient, closing).ConfigureAwait(false))
        {
            return false;
        }

        await WriteAsync(answer, closing).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> SpoilAsync(MailPhase phase, string recipient, CancellationToken closing) =>
        sink.Faults.Decide(phase, recipient) is { } fault && await SpoilAsync(fault, closing).ConfigureAwait(false);

    /// <returns>False when the proper answer still has to be given.</returns>
    private async Task<bool> SpoilAsync(MailFaultRule fault, CancellationToken closing)
    {
        switch (fault.Kind)
        {
            case MailFaultKind.Delay:
                await Task.Delay(fault.Delay, sink.Time, closing).ConfigureAwait(false);
                return false;
            case MailFaultKind.Reply:
                await WriteAsync($"{fault.Code} {fault.Text}", closing).ConfigureAwait(false);
                return fault.Code != 421 ? true : throw new SessionOver();
            case MailFaultKind.Nonsense:
                await WriteAsync("HTTP/1.1 200 OK\r\n", closing).ConfigureAwait(false);
                return true;
            case MailFaultKind.Endless:
                while (true)
                {
                    await WriteAsync($"{fault.Code}-{fault.Text}", closing).ConfigureAwait(false);
                }
            case MailFaultKind.Silence:
                while (await _line.ReadAsync(closing).ConfigureAwait(false) is not null) { }

                throw new SessionOver();
            case MailFaultKind.Reset:
                _line.Reset();
                throw new SessionOver();
            default:
                throw new SessionOver();
        }
    }

    private async Task WriteAsync(string reply, CancellationToken closing)
    {
        if (reply[0] is '4' or '5')
        {
            sink.Record.Refused();
        }

        await _line.WriteAsync($"{reply}\r\n", closing).ConfigureAwait(false);
    }

    private sealed class SessionOver : Exception;
}
