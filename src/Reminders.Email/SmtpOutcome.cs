using System.Diagnostics.Contracts;
using System.Globalization;

namespace Reminders.Email;

/// <summary>How far a message has come. From <see cref="Dot"/> on the server may have it.</summary>
internal enum SmtpPhase
{
    /// <summary>Greeting, EHLO and STARTTLS included.</summary>
    Connecting = 0,
    Login = 1,
    Sender = 2,
    Recipient = 3,
    Data = 4,
    Content = 5,

    /// <summary>The final dot may be on its way: the first moment a server may accept (RFC 5321, 4.1.1.4).</summary>
    Dot = 6,
}

/// <summary>What a reply that is not the one hoped for means for the message. Pure.</summary>
[Pure]
internal static class SmtpOutcome
{
    private const int Shown = 300;

    /// <summary>The server closes after it, whatever it was the answer to.</summary>
    public const int Goodbye = 421;

    /// <param name="text">The reply without its code, enhanced status (RFC 3463) first where the server gives one.</param>
    public static SendResult Refused(SmtpPhase phase, int code, string text)
    {
        var shown = text.Length > Shown ? text[..Shown] : text;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{Name(phase)} was answered {code} {shown}").TrimEnd();
        return (code / 100, phase) switch
        {
            // Also to the dot: who answers 4yz or 5yz has not taken the message (RFC 5321, 4.2.5). A recipient who is put off
            // (greylisting, a full mailbox) says nothing of the server; a run of anything else to several of them does.
            (4, _) => new SendResult.NotDelivered(detail) { Unanswered = phase != SmtpPhase.Recipient || code == Goodbye },

            // No message's own fault, and the next one's as well: were each of them dead, a typing error in the settings would
            // cost the whole queue.
            (5, <= SmtpPhase.Login) => new SendResult.ChannelBroken(detail),
            (5, _) when code is 530 or 534 or 535 or 538 => new SendResult.ChannelBroken(detail),
            (5, SmtpPhase.Sender) when code != 552 && !HasStatus("5.3.4") => new SendResult.ChannelBroken(detail),

            // 5.7.x says that this server does not like us; the mailbox may be as good as ever.
            (5, SmtpPhase.Recipient) when code is >= 550 and <= 553 && !HasStatus("5.7.") => new SendResult.Unreachable(detail),
            (5, _) => new SendResult.Rejected(detail),

            (_, SmtpPhase.Dot) => new SendResult.Uncertain(detail),
            _ => new SendResult.NotDelivered(detail),
        };

        bool HasStatus(string start) => text.StartsWith(start, StringComparison.Ordinal);
    }

    /// <summary>What a connection that broke, fell silent or spoke in tongues leaves.</summary>
    public static SendResult Broken(SmtpPhase phase, string cause) =>
        phase < SmtpPhase.Dot
            ? new SendResult.NotDelivered($"{Name(phase)}: {cause}") { Unanswered = true }
            : new SendResult.Uncertain($"after the final dot: {cause}");

    private static string Name(SmtpPhase phase) =>
        phase switch
        {
            SmtpPhase.Connecting => "the connection",
            SmtpPhase.Login => "AUTH",
            SmtpPhase.Sender => "MAIL",
            SmtpPhase.Recipient => "RCPT",
            SmtpPhase.Data => "DATA",
            SmtpPhase.Content => "the text before its final dot",
            _ => "the final dot",
        };
}
