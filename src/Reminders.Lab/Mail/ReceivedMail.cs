using System.Text.Json.Serialization;
using MimeKit;

namespace Reminders.Lab.Mail;

/// <summary>A header as it reads: unfolded, its RFC 2047 words decoded.</summary>
public readonly record struct MailHeader(string Name, string Value);

/// <summary>A mail the sink accepted: whatever became of the answer, its recipients have it.</summary>
/// <param name="From">Of the envelope.</param>
/// <param name="To">Of the envelope.</param>
/// <param name="Raw">As it came, dots unstuffed, one char per byte.</param>
/// <param name="Message">As MimeKit reads it.</param>
/// <param name="User">Who had logged in; null when nobody.</param>
/// <param name="Tls">Whether it came through TLS.</param>
/// <param name="Utf8">Whether it asked for SMTPUTF8, so that only servers with it could pass it on.</param>
/// <param name="Connection">On which connection it came, from 1.</param>
/// <param name="Fault">What spoilt its answer, if anything did.</param>
public sealed record ReceivedMail(
    string From,
    IReadOnlyList<string> To,
    string Raw,
    [property: JsonIgnore] MimeMessage Message,
    string? User,
    bool Tls,
    bool Utf8,
    int Connection,
    DateTimeOffset ArrivedAt,
    MailFaultKind? Fault
)
{
    /// <summary>In their order, those of the body last.</summary>
    public IReadOnlyList<MailHeader> Headers =>
        [
            .. Message
                .Headers.Concat(Message.Body?.Headers ?? Enumerable.Empty<Header>())
                .Select(header => new MailHeader(header.Field, header.Value)),
        ];

    /// <summary>The text/plain part; empty when there is none.</summary>
    public string Text => Lines(Message.TextBody) ?? "";

    /// <summary>The text/html part; null when there is none.</summary>
    public string? Html => Lines(Message.HtmlBody);

    /// <summary>With its angle brackets; empty when it has none.</summary>
    public string MessageId => Header("Message-ID") ?? "";

    public string Subject => Header("Subject") ?? "";

    /// <summary>The first header of that name, any case; null when there is none.</summary>
    public string? Header(string name) => Message.Headers[name] ?? Message.Body?.Headers[name];

    private static string? Lines(string? text) => text?.ReplaceLineEndings("\n").TrimEnd('\n');
}

/// <summary>A fault at the dot, after which the sender could not know.</summary>
/// <param name="Accepted">True when the mail has arrived all the same.</param>
public sealed record MailDoubt(string To, string MessageId, bool Accepted, MailFaultKind Fault, DateTimeOffset At);
