using System.Text.RegularExpressions;

namespace Reminders.Email;

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

/// <summary>How <see cref="EmailOptions.User"/> logs in. A server that does not offer it is not logged in to.</summary>
public enum EmailAuth
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>PLAIN: the password, as protected as the line is.</summary>
    Plain = 1,

    /// <summary>LOGIN: the same in three turns, for servers that know nothing else.</summary>
    Login = 2,

    /// <summary>SCRAM-SHA-512, or SCRAM-SHA-256: the password stays here.</summary>
    Scram = 3,

    /// <summary>XOAUTH2: a token in place of a password (Gmail, Microsoft 365).</summary>
    XOAuth2 = 4,
}

/// <summary>The settings of the e-mail channel, section <c>Email</c>. Without <see cref="Host"/> there is no such channel.</summary>
/// <remarks>The binder hands on a null that stands in the settings: it is taken for not set.</remarks>
public sealed partial class EmailOptions
{
    /// <summary>The mail server that takes messages in (a relay, a submission service): a name or an IP address. Default: empty, no
    /// e-mail.</summary>
    public string Host
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>Its port. Default: 465 with <see cref="EmailSecurity.Tls"/>, 587 with a <see cref="User"/>, otherwise 25.</summary>
    public int? Port { get; set; }

    /// <summary>Who logs in. Default: empty, nobody does.</summary>
    public string User
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>
    /// The user's password. A secret: it never appears in logs, errors or traces. Required with <see cref="User"/>, but for
    /// <see cref="EmailAuth.XOAuth2"/>.
    /// </summary>
    public string Password
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>The one way to log in. Default: with a <see cref="User"/> Plain, or Login where the server offers no PLAIN; otherwise
    /// None.</summary>
    public EmailAuth? Auth { get; set; }

    /// <summary>For <see cref="EmailAuth.XOAuth2"/>: the token. A secret, and short-lived: <see cref="TokenFile"/> is for what runs
    /// on.</summary>
    public string Token
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>For <see cref="EmailAuth.XOAuth2"/>: a file with the token alone, read again at each login.</summary>
    public string TokenFile
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>
    /// The address messages come from, <c>reminders@example.org</c>, without a name; its domain is also that of the Message-IDs.
    /// Required, no default.
    /// </summary>
    public string From
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>The name beside <see cref="From"/>. Default: empty, the bare address.</summary>
    public string FromName
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>How the connection is protected. Default: <see cref="EmailSecurity.Tls"/> on port 465, <see cref="EmailSecurity.StartTls"/>
    /// with a <see cref="User"/>, otherwise none.</summary>
    public EmailSecurity? Security { get; set; }

    /// <summary>
    /// The SHA-256 fingerprint of the server's certificate, 64 hex digits, for one that no known authority signed. It is then
    /// the only one taken. Default: empty, the machine's authorities decide.
    /// </summary>
    public string CertificateSha256
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>
    /// How long everything up to the final dot may take, waiting for a free connection included, and how long after it the
    /// server may take to answer. What has no answer by then is <em>uncertain</em>. Above 0, and less than half of
    /// Outbox:SendLease. Default: 10 seconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections a node keeps to the server at most, one message on each at a time. 1 to 100, default 4.</summary>
    public int Connections { get; set; } = 4;

    /// <summary>The signature of mail. Default: none.</summary>
    public EmailDkimOptions Dkim
    {
        get;
        set => field = value ?? new();
    } = new();

    internal EmailSecurity EffectiveSecurity =>
        Security
        ?? (
            Port == 465 ? EmailSecurity.Tls
            : User.Length > 0 ? EmailSecurity.StartTls
            : EmailSecurity.None
        );

    internal int EffectivePort =>
        Port
        ?? (
            EffectiveSecurity == EmailSecurity.Tls ? 465
            : User.Length > 0 ? 587
            : 25
        );

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
            yield return $"Email:From is '{From}'; it should be a plain address such as reminders@example.org (a "
                + "name goes "
                + "into Email:FromName).";
        }
        if (Security is { } security && !Enum.IsDefined(security))
        {
            yield return $"Email:Security is '{security}'; it should be None, StartTls or Tls.";
        }
        foreach (var problem in ValidateLogin())
        {
            yield return problem;
        }
        if (User.Length > 0 && EffectiveSecurity == EmailSecurity.None && !IsThisMachine(Host))
        {
            yield return $"Email:Security is None while Email:User is set and Email:Host is '{Host}'; it should "
                + "be StartTls "
                + "or Tls, or the password crosses the network in the clear.";
        }
        if (CertificateSha256.Length > 0 && !Fingerprint().IsMatch(CertificateSha256))
        {
            yield return $"Email:CertificateSha256 is '{CertificateSha256}'; it should be 64 hex digits, "
                + "the SHA-256 "
                + "fingerprint of the server's certificate.";
        }
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Email:Timeout is {Timeout}; it should be above 00:00:00 and at most 00:10:00.";
        }
        if (Connections is < 1 or > 100)
        {
            yield return $"Email:Connections is {Connections}; it should be between 1 and 100.";
        }
        foreach (var problem in Dkim.Validate())
        {
            yield return problem;
        }
    }

    // One problem at a time: the next would mostly be the same one, seen from another setting.
    private IEnumerable<string> ValidateLogin()
    {
        var (user, password, tokens) = (User.Length > 0, Password.Length > 0, (Token.Length > 0 ? 1 : 0) + (TokenFile.Length > 0 ? 1 : 0));
        var problem = Auth switch
        {
            { } auth when !Enum.IsDefined(auth) => $"Email:Auth is '{auth}'; it should be None, Plain, Login, Scram or XOAuth2.",
            EmailAuth.None when user => $"Email:Auth is None while Email:User is '{User}'; leave the user out, or say how it logs in.",
            EmailAuth.XOAuth2 when !user =>
                "Email:User is missing while Email:Auth is XOAuth2; it should be the mailbox that the token is for.",
            EmailAuth.XOAuth2 when password => "Email:Password is set while Email:Auth is XOAuth2; give a token in its place.",
            EmailAuth.XOAuth2 when tokens != 1 =>
                $"Email:Token and Email:TokenFile are {(tokens == 0 ? "missing" : "both set")} while Email:Auth "
                    + "is XOAuth2; "
                    + "give one of them.",
            EmailAuth.XOAuth2 when TokenFile.Length > 0 && !File.Exists(TokenFile) =>
                $"Email:TokenFile is '{TokenFile}'; there is no such file.",
            EmailAuth.XOAuth2 => null,
            _ when tokens > 0 => $"Email:{(Token.Length > 0 ? "Token" : "TokenFile")} is set while "
                + "Email:Auth is "
                + $"{Auth?.ToString() ?? "not set"}; a token is for XOAuth2.",
            EmailAuth.Plain or EmailAuth.Login or EmailAuth.Scram when !user =>
                $"Email:User is missing while Email:Auth is {Auth}; give it, and Email:Password.",
            _ when !user && password => "Email:Password is set while Email:User is empty; give both or neither.",
            _ when user && !password => "Email:Password is missing while Email:User is set; give both or neither.",
            _ => null,
        };
        return problem is null ? [] : [problem];
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "::1";

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fingerprint();
}
