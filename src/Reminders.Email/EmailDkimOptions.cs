using Org.BouncyCastle.OpenSsl;

namespace Reminders.Email;

/// <summary>The signature of mail, section <c>Email:Dkim</c>. All three settings, or none: then the server signs, or nobody.</summary>
public sealed class EmailDkimOptions
{
    /// <summary>The domain that vouches for the mail, best that of <c>Email:From</c>. Default: empty, mail is not signed here.</summary>
    public string Domain
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>The name of the key in DNS: it is published at <c>selector._domainkey.domain</c>. Default: empty.</summary>
    public string Selector
    {
        get;
        set => field = value ?? "";
    } = "";

    /// <summary>A file with the private key, RSA or Ed25519, in PEM without a password. Read at start. Default: empty.</summary>
    public string KeyFile
    {
        get;
        set => field = value ?? "";
    } = "";

    internal bool IsOn => Domain.Length > 0;

    internal IEnumerable<string> Validate()
    {
        if (Domain.Length == 0 && Selector.Length == 0 && KeyFile.Length == 0)
        {
            yield break;
        }
        if (Uri.CheckHostName(Domain) != UriHostNameType.Dns || !System.Text.Ascii.IsValid(Domain))
        {
            yield return $"Email:Dkim:Domain is '{Domain}'; it should be a domain such as example.org.";
        }
        if (Uri.CheckHostName(Selector) != UriHostNameType.Dns || !System.Text.Ascii.IsValid(Selector))
        {
            yield return $"Email:Dkim:Selector is '{Selector}'; it should be the name of the key in DNS, such as s2026.";
        }
        if (KeyProblem() is { } problem)
        {
            yield return $"Email:Dkim:KeyFile is '{KeyFile}'; {problem}.";
        }
    }

    private string? KeyProblem()
    {
        if (!File.Exists(KeyFile))
        {
            return "there is no such file";
        }
        try
        {
            DkimStamp.ReadKey(KeyFile);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PemException)
        {
            return $"it cannot be read ({e.GetType().Name})";
        }
    }
}
