namespace Reminders.Lab.Mail;

/// <summary>Where in the dialogue something goes wrong: in place of the answer to what the client just did.</summary>
public enum MailPhase
{
    /// <summary>It connected; the answer would be the greeting.</summary>
    Connect = 0,
    Hello = 1,
    StartTls = 2,
    Login = 3,
    Noop = 4,

    /// <summary>MAIL.</summary>
    Sender = 5,

    /// <summary>RCPT. From here on a rule can be about one recipient.</summary>
    Recipient = 6,
    Data = 7,

    /// <summary>The first line of the text has come, the final dot has not been read.</summary>
    Content = 8,

    /// <summary>The final dot has come: the one phase in which a message can arrive all the same.</summary>
    Dot = 9,
}

/// <summary>What goes wrong.</summary>
public enum MailFaultKind
{
    /// <summary><see cref="MailFaultRule.Code"/> and <see cref="MailFaultRule.Text"/> are the answer; after 421 the connection
    /// closes.</summary>
    Reply = 0,

    /// <summary>The connection is closed without an answer.</summary>
    Cut = 1,

    /// <summary>The connection is reset (RST). At <see cref="MailPhase.Connect"/> as near to a refused connection as one that listens can
    /// come.</summary>
    Reset = 2,

    /// <summary>No answer until the client hangs up.</summary>
    Silence = 3,

    /// <summary>An answer in no form of SMTP.</summary>
    Nonsense = 4,

    /// <summary>The answer waits for <see cref="MailFaultRule.Delay"/>; at the dot, a doubt only if the client hangs up first.</summary>
    Delay = 5,

    /// <summary>An answer of <see cref="MailFaultRule.Code"/> in lines without end, until the client hangs up.</summary>
    Endless = 6,
}

/// <summary>One rule of a <see cref="MailFaultPlan"/>: where, what, how often. The first rule that takes a moment spoils it.</summary>
public sealed record MailFaultRule(MailFaultKind Kind, MailPhase Phase)
{
    /// <summary>At the dot, for all but a reply: the message has arrived before the fault. Default false.</summary>
    public bool Accepts { get; init; }

    /// <summary>For <see cref="MailFaultKind.Reply"/> and <see cref="MailFaultKind.Endless"/>. Default 451.</summary>
    public int Code { get; init; } = 451;

    /// <summary>For the same, on one line. Default "an injected fault".</summary>
    public string Text { get; init; } = "an injected fault";

    /// <summary>Only mails to this address, any case; from <see cref="MailPhase.Recipient"/> on. Default null: all.</summary>
    public string? Recipient { get; init; }

    /// <summary>Share of the matching moments, 0 to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only so many moments, then the rule is spent. Default null: no end.</summary>
    public int? Next { get; init; }

    /// <summary>For <see cref="MailFaultKind.Delay"/>. Default 1 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);
}
