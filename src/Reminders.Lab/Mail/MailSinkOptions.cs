namespace Reminders.Lab.Mail;

/// <summary>What the mail sink offers and demands.</summary>
public sealed class MailSinkOptions
{
    /// <summary>The loopback port of SMTP. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The loopback port of the HTTP control. Default 0: any free one.</summary>
    public int ControlPort { get; init; }

    /// <summary>Who has to log in before MAIL. Default null: nobody.</summary>
    public string? User { get; init; }

    /// <summary>The user's password, or for XOAUTH2 the token.</summary>
    public string Password { get; init; } = "";

    /// <summary>The ways to log in that it offers, of PLAIN, LOGIN, SCRAM-SHA-256 and XOAUTH2. Default PLAIN and LOGIN.</summary>
    public IReadOnlyList<string> Logins { get; init; } = ["PLAIN", "LOGIN"];

    /// <summary>Offers STARTTLS, with a self-signed certificate of its own. Default true.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>Takes neither a login nor a mail in the clear. Default false.</summary>
    public bool RequireTls { get; init; }

    /// <summary>Speaks TLS from the first byte. Default false.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Default true.</summary>
    public bool Pipelining { get; init; } = true;

    /// <summary>Offers SMTPUTF8: addresses and headers in UTF-8, for mails that ask for it. Default true.</summary>
    public bool Utf8 { get; init; } = true;

    /// <summary>The longest mail it takes, in bytes. Default 10 MiB.</summary>
    public int MaxSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Addresses it does not know: 550 5.1.1. Default none.</summary>
    public IReadOnlyCollection<string> UnknownMailboxes { get; init; } = [];

    /// <summary>Seeds the faults. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>False writes one line per command to standard error. Default true.</summary>
    public bool QuietLog { get; init; } = true;
}
