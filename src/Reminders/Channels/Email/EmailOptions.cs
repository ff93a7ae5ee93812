using System.Text.RegularExpressions;

namespace Reminders.Channels.Email;

/// <summary>How the line to the mail server is protected.</summary>
public enum EmailSecurity
{
    /// <summary>Not at all: for a relay on this machine or network that wants no password.</summary>
    None = 0,

    /// <summary>It begins in the clear and must change to TLS before anything else; a server that will not is not used.</summary>
    StartTls = 1,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls = 2,
}

/// <summary>The settings of the e-mail channel, section <c>Email</c>. Without <see cref="Host"/> there is no such channel.</summary>
/// <remarks>The binder hands on a null that stands in the settings: it is taken for not set.</remarks>
public sealed partial class EmailOptions
{
    /// <summary>The mail server that takes messages in (a relay, a submission service): a name or an IP address. Default: empty, no e-mail.</summary>
    public string Host { get; set => field = value ?? ""; } = "";

    /// <summary>Its port. Default: 465 with <see cref="EmailSecurity.Tls"/>, 587 with a <see cref="User"/>, otherwise 25.</summary>
    public int? Port { get; set; }

    /// <summary>Who logs in. Default: empty, nobody does.</summary>
    public string User { get; set => field = value ?? ""; } = "";

    /// <summary>The user's password. A secret: it never appears in logs, errors or traces. Required with <see cref="User"/>.</summary>
    public string Password { get; set => field = value ?? ""; } = "";

    /// <summary>
    /// The address messages come from, <c>reminders@example.org</c>, without a name; its domain is also that of the Message-IDs.
    /// Required, no default.
    /// </summary>
    public string From { get; set => field = value ?? ""; } = "";

    /// <summary>The name beside <see cref="From"/>. Default: empty, the bare address.</summary>
    public string FromName { get; set => field = value ?? ""; } = "";

    /// <summary>Default: <see cref="EmailSecurity.Tls"/> on port 465, <see cref="EmailSecurity.StartTls"/> with a <see cref="User"/>, otherwise none.</summary>
    public EmailSecurity? Security { get; set; }

    /// <summary>
    /// The SHA-256 fingerprint of the server's certificate, 64 hex digits, for one that no known authority signed. It is then
    /// the only one taken. Default: empty, the machine's authorities decide.
    /// </summary>
    public string CertificateSha256 { get; set => field = value ?? ""; } = "";

    /// <summary>
    /// How long everything up to the final dot may take, waiting for a free connection included, and how long after it the
    /// server may take to answer. What has no answer by then is <em>uncertain</em>. Above 0, and less than half of
    /// Outbox:SendLease. Default: 10 seconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections a node keeps to the server at most, one message on each at a time. 1 to 100, default 4.</summary>
    public int Connections { get; set; } = 4;

    internal EmailSecurity EffectiveSecurity => Security
        ?? (Port == 465 ? EmailSecurity.Tls : User.Length > 0 ? EmailSecurity.StartTls : EmailSecurity.None);

    internal int EffectivePort => Port
        ?? (EffectiveSecurity == EmailSecurity.Tls ? 465 : User.Length > 0 ? 587 : 25);

    /// <summary>What is wrong with these settings, one line each; empty when nothing is. Secrets are described, never quoted.</summary>
    public IEnumerable<string> Validate()
    {
        if (Uri.CheckHostName(Host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            yield return $"Email:Host is '{Host}'; it should be the name or address of a mail server, such as smtp.example.org.";
        }
        if (Port is < 1 or > 65535)
        {
            yield return $"Email:Port is {Port}; it should be between 1 and 65535.";
        }
        if (!MailAddresses.IsPlain(From))
        {
            yield return $"Email:From is '{From}'; it should be a plain address such as reminders@example.org (a name goes into Email:FromName).";
        }
        if (Security is { } security && !Enum.IsDefined(security))
        {
            yield return $"Email:Security is '{security}'; it should be None, StartTls or Tls.";
        }
        if (User.Length == 0 != (Password.Length == 0))
        {
            yield return User.Length == 0
                ? "Email:Password is set while Email:User is empty; give both or neither."
                : "Email:Password is missing while Email:User is set; give both or neither.";
        }
        if (User.Length > 0 && EffectiveSecurity == EmailSecurity.None && !IsThisMachine(Host))
        {
            yield return $"Email:Security is None while Email:User is set and Email:Host is '{Host}'; it should be StartTls or Tls, or the password crosses the network in the clear.";
        }
        if (CertificateSha256.Length > 0 && !Fingerprint().IsMatch(CertificateSha256))
        {
            yield return $"Email:CertificateSha256 is '{CertificateSha256}'; it should be 64 hex digits, the SHA-256 fingerprint of the server's certificate.";
        }
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Email:Timeout is {Timeout}; it should be above 00:00:00 and at most 00:10:00.";
        }
        if (Connections is < 1 or > 100)
        {
            yield return $"Email:Connections is {Connections}; it should be between 1 and 100.";
        }
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "::1";

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fingerprint();
}
