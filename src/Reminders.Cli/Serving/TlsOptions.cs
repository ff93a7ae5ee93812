using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Reminders.Settings;

namespace Reminders.Cli.Serving;

/// <summary>The certificate of <c>serve --urls https://…</c>, section <c>Tls</c>. It is read when the node starts.</summary>
public sealed class TlsOptions
{
    /// <summary>
    /// The certificate's file: PEM, with its intermediates after it, or PKCS#12 (<c>.pfx</c>, <c>.p12</c>). Required for an
    /// https address. Default none.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>The private key's file, in PEM. Default: it is in the certificate's.</summary>
    public string? Key { get; set; }

    /// <summary>What the key, or the PKCS#12 file, is encrypted with. A secret: better in the environment, as Tls__Password. Default
    /// none.</summary>
    public string? Password { get; set; }

    /// <summary>How Kestrel is to serve https, if one of the addresses is https.</summary>
    /// <exception cref="SettingsException">The certificate is missing, unreadable, or not in force.</exception>
    internal Action<HttpsConnectionAdapterOptions>? Read(string urls, DateTimeOffset now)
    {
        if (!urls.Split(';').Any(url => url.TrimStart().StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        const string Form = "it should be the path of a certificate in PEM, or of a .pfx file (environment: Tls__Certificate)";
        if (string.IsNullOrWhiteSpace(Certificate))
        {
            throw new SettingsException([$"Tls:Certificate is missing while --urls is '{urls}': {Form}."]);
        }

        foreach (var (name, file) in new[] { (nameof(Certificate), Certificate), (nameof(Key), Key) })
        {
            if (!string.IsNullOrEmpty(file) && !File.Exists(file))
            {
                throw new SettingsException([$"Tls:{name} is '{file}': there is no such file."]);
            }
        }
        var (certificate, others) = Load(Form);
        if (!certificate.HasPrivateKey)
        {
            throw new SettingsException([$"Tls:Key is missing: there is no private key in Tls:Certificate ('{Certificate}')."]);
        }

        if (certificate.NotAfter <= now.LocalDateTime || certificate.NotBefore > now.LocalDateTime)
        {
            throw new SettingsException([
                $"Tls:Certificate is '{Certificate}', which is in force from "
                    + $"{certificate.NotBefore:yyyy-MM-dd} to "
                    + $"{certificate.NotAfter:yyyy-MM-dd}, and not now: renew it.",
            ]);
        }

        return https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, others);
    }

    private (X509Certificate2 Certificate, X509Certificate2Collection Others) Load(string form)
    {
        var others = new X509Certificate2Collection();
        try
        {
            if (Path.GetExtension(Certificate!).ToLowerInvariant() is ".pfx" or ".p12")
            {
                others = X509CertificateLoader.LoadPkcs12CollectionFromFile(Certificate!, Password);
                var own = others.FirstOrDefault(one => one.HasPrivateKey) ?? others[0];
                others.Remove(own);
                return (own, others);
            }
            var key = string.IsNullOrEmpty(Key) ? null : Key;
            var certificate = string.IsNullOrEmpty(Password)
                ? X509Certificate2.CreateFromPemFile(Certificate!, key)
                : X509Certificate2.CreateFromEncryptedPemFile(Certificate!, Password, key);
            others.ImportFromPemFile(Certificate!);
            if (others.FirstOrDefault(one => one.Thumbprint == certificate.Thumbprint) is { } same)
            {
                others.Remove(same);
            }

            return (certificate, others);
        }
        catch (Exception exception)
            when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            var (key, password) = (
                string.IsNullOrEmpty(Key) ? "" : $" with Tls:Key '{Key}'",
                string.IsNullOrEmpty(Password) ? "" : " and Tls:Password"
            );
            var why = exception.Message.Split('\n')[0].TrimEnd('.');
            throw new SettingsException([$"Tls:Certificate is '{Certificate}', which cannot be read{key}{password} ({why}): {form}."]);
        }
    }
}
