using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;

namespace Reminders.Email;

/// <summary>Signs mail (RFC 6376), with RSA or Ed25519 (RFC 8463) as the key is. Safe for concurrent use.</summary>
internal sealed class DkimStamp : DkimSigner, IDisposable
{
    // RFC 6376, 5.4.1; RFC 8058, 4: a one-click link counts only where both of its headers are signed.
    private static readonly string[] Signed =
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    ];

    private readonly TimeProvider _time;
    private readonly RSA? _rsa;

    private DkimStamp(AsymmetricKeyParameter key, EmailDkimOptions options, TimeProvider time)
        : base(
            key,
            options.Domain,
            options.Selector,
            key is Ed25519PrivateKeyParameters ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256
        )
    {
        _time = time;
        _rsa = key is RsaPrivateCrtKeyParameters rsa ? RSA.Create(DotNetUtilities.ToRSAParameters(rsa)) : null;
        // Relays fold and space headers anew.
        HeaderCanonicalizationAlgorithm = BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
    }

    public static DkimStamp? Of(EmailDkimOptions options, TimeProvider time) =>
        options.IsOn ? new DkimStamp(ReadKey(options.KeyFile), options, time) : null;

    public void Sign(FormatOptions format, MimeMessage message) =>
        Sign(format, message, [.. Signed.Where(name => message.Headers.Contains(name) || message.Body!.Headers.Contains(name))]);

    /// <exception cref="FormatException">It holds no key of a kind that can sign.</exception>
    public static AsymmetricKeyParameter ReadKey(string file)
    {
        using var reader = new PemReader(new StreamReader(file));
        return reader.ReadObject() switch
        {
            AsymmetricCipherKeyPair { Private: RsaPrivateCrtKeyParameters or Ed25519PrivateKeyParameters } pair => pair.Private,
            RsaPrivateCrtKeyParameters rsa => rsa,
            Ed25519PrivateKeyParameters ed => ed,
            _ => throw new FormatException("it holds no private key of RSA or Ed25519 in PEM"),
        };
    }

    public void Dispose() => _rsa?.Dispose();

    protected override ISigner CreateSigningContext() => _rsa is null ? base.CreateSigningContext() : new RsaSigner(_rsa);

    protected override long GetTimestamp() => _time.GetUtcNow().ToUnixTimeSeconds();
}
