namespace Reminders.Channels.Email;

/// <summary>What a reply that is not the one hoped for means for the message. Pure.</summary>
internal static class SmtpOutcome
{
    public static SendResult Refused(SmtpPhase phase, SmtpReply reply)
    {
        var detail = $"{Name(phase)} was answered {reply}";
        return (reply.Code / 100, phase) switch
        {
            // Also to the dot: who answers 4yz or 5yz has not taken the message (RFC 5321, 4.2.5). A recipient who is put off
            // (greylisting, a full mailbox) says nothing of the server; a run of anything else to several of them does.
            (4, _) => new SendResult.NotDelivered(detail) { Unanswered = phase != SmtpPhase.Recipient || reply.IsGoodbye },

            // No message's own fault, and the next one's as well: were each of them dead, a typing error in the settings would
            // cost the whole queue.
            (5, <= SmtpPhase.Login) => new SendResult.ChannelBroken(detail),
            (5, _) when reply.Code is 530 or 534 or 535 or 538 => new SendResult.ChannelBroken(detail),
            (5, SmtpPhase.Sender) when reply.Code != 552 && !reply.HasStatus("5.3.4") => new SendResult.ChannelBroken(detail),

            // 5.7.x says that this server does not like us; the mailbox may be as good as ever.
            (5, SmtpPhase.Recipient) when reply.Code is >= 550 and <= 553 && !reply.HasStatus("5.7.") => new SendResult.Unreachable(detail),
            (5, _) => new SendResult.Rejected(detail),

            (_, SmtpPhase.Dot) => new SendResult.Uncertain(detail),
            _ => new SendResult.NotDelivered(detail),
        };
    }

    /// <summary>What a connection that broke, fell silent or spoke in tongues leaves.</summary>
    public static SendResult Broken(SmtpPhase phase, string cause) => phase < SmtpPhase.Dot
        ? new SendResult.NotDelivered($"{Name(phase)}: {cause}") { Unanswered = true }
        : new SendResult.Uncertain($"after the final dot: {cause}");

    private static string Name(SmtpPhase phase) => phase switch
    {
        SmtpPhase.Connecting => "connecting",
        SmtpPhase.Greeting => "the connection",
        SmtpPhase.Hello => "EHLO",
        SmtpPhase.StartTls => "STARTTLS",
        SmtpPhase.Login => "AUTH",
        SmtpPhase.Sender => "MAIL",
        SmtpPhase.Recipient => "RCPT",
        SmtpPhase.Data => "DATA",
        SmtpPhase.Content => "the text before its final dot",
        _ => "the final dot",
    };
}
