using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;

namespace Reminders.Tests.Channels.Email;

/// <summary>MimeKit's verifier judges what the server received, with the public key as DNS would have it.</summary>
public sealed class DkimTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(true, "anna@example.org")]
    [InlineData(false, "anna@example.org")]
    [InlineData(true, "анна@пример.рф")]
    public async Task A_mail_is_signed_and_so_is_its_unsubscribe_link(bool rsa, string address)
    {
        var key = WriteKey(rsa);
        await using var post = await OpenAsync();
        var mail = await post.DeliverAsync(
            Post.Message with
            {
                Address = address,
                Subject = "Собеседование завтра",
                Text = "..\n Привет  \n\n",
                Html = "<p>Привет</p>",
                Unsubscribe = new Uri("https://example.org/u/abc"),
            }
        );
        var signature = string.Concat(mail.Message.Headers[HeaderId.DkimSignature]!.Where(letter => !char.IsWhiteSpace(letter)));
        Assert.Contains("d=example.org;s=s2026;", signature, StringComparison.Ordinal);
        Assert.Contains(":list-unsubscribe:list-unsubscribe-post;", signature, StringComparison.Ordinal);
        Assert.Contains("t=1772366400;", signature, StringComparison.Ordinal); // the node's clock
        Assert.True(Verify(mail.Message, key));
        mail.Message.Subject = "Собеседования не будет";
        Assert.False(Verify(mail.Message, key));
    }

    [Fact]
    public async Task Many_at_once_are_each_signed_for_themselves()
    {
        var key = WriteKey(rsa: true);
        await using var post = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => post.SendAsync(Post.Message with { Text = $"Hello {i}" })));
        Assert.Equal(30, post.Record.MailCount);
        Assert.All(post.Record.Mails, mail => Assert.True(Verify(mail.Message, key)));
    }

    private Task<Post> OpenAsync() =>
        Post.OpenAsync(alter: options =>
            options.Dkim = new()
            {
                Domain = "example.org",
                Selector = "s2026",
                KeyFile = _file,
            }
        );

    private static bool Verify(MimeMessage message, AsymmetricKeyParameter key) =>
        new DkimVerifier(new Dns(key)).Verify(
            message,
            message.Headers[message.Headers.IndexOf(HeaderId.DkimSignature)],
            TestContext.Current.CancellationToken
        );

    private AsymmetricKeyParameter WriteKey(bool rsa)
    {
        if (rsa)
        {
            using var key = RSA.Create(2048);
            File.WriteAllText(_file, key.ExportPkcs8PrivateKeyPem());
            return DotNetUtilities.GetRsaPublicKey(key);
        }
        var secret = new Ed25519PrivateKeyParameters(new SecureRandom());
        using var writer = new PemWriter(new StreamWriter(_file));
        writer.WriteObject(new Org.BouncyCastle.OpenSsl.Pkcs8Generator(secret));
        return secret.GeneratePublicKey();
    }

    private sealed class Dns(AsymmetricKeyParameter key) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) =>
            (domain, selector) == ("example.org", "s2026")
                ? key
                : throw new InvalidOperationException($"{selector} of {domain} is nobody's.");

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
