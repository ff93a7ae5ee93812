using System.Globalization;

namespace Reminders.Channels.Email;

/// <summary>How far a message has come. From <see cref="Dot"/> on the server may have it.</summary>
internal enum SmtpPhase
{
    Connecting = 0,
    Greeting = 1,
    Hello = 2,
    StartTls = 3,
    Login = 4,
    Sender = 5,
    Recipient = 6,
    Data = 7,
    Content = 8,

    /// <summary>The final dot may be on its way: the first moment a server may accept (RFC 5321, 4.1.1.4).</summary>
    Dot = 9,
}

/// <summary>A whole reply of the server (RFC 5321, 4.2).</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int Shown = 300;

    public bool IsPositive => Code / 100 == 2;

    /// <summary>The server closes after it, whatever it was the answer to.</summary>
    public bool IsGoodbye => Code == 421;

    /// <summary>Whether its enhanced status (RFC 3463) begins so: <c>5.7.</c> is a policy's doing, not the recipient's.</summary>
    public bool HasStatus(string start) => Lines[0].StartsWith(start, StringComparison.Ordinal);

    public override string ToString()
    {
        var text = string.Join(' ', Lines);
        return string.Create(CultureInfo.InvariantCulture, $"{Code} {(text.Length > Shown ? text[..Shown] : text)}").TrimEnd();
    }
}
