using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Email;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Telegram;
using Reminders.WhatsApp;

namespace Reminders.Tests.Channels.Email;

public sealed class EmailOptionsTests
{
    [Fact]
    public void A_host_and_a_sender_are_all_that_has_to_be_set()
    {
        var options = Right();
        (options.User, options.Password, options.FromName, options.CertificateSha256) = (null!, null!, null!, null!);
        Assert.Empty(options.Validate());
        Assert.Equal((25, EmailSecurity.None), (options.EffectivePort, options.EffectiveSecurity));
    }

    [Theory]
    [InlineData("u", null, null, 587, EmailSecurity.StartTls)]
    [InlineData("u", 465, null, 465, EmailSecurity.Tls)]
    [InlineData("", 465, null, 465, EmailSecurity.Tls)]
    [InlineData("u", null, EmailSecurity.Tls, 465, EmailSecurity.Tls)]
    [InlineData("", null, EmailSecurity.StartTls, 25, EmailSecurity.StartTls)]
    [InlineData("u", 2525, null, 2525, EmailSecurity.StartTls)]
    public void What_is_not_said_follows_from_what_is(
        string user,
        int? port,
        EmailSecurity? security,
        int effectivePort,
        EmailSecurity effective
    )
    {
        var options = Right();
        (options.User, options.Password, options.Port, options.Security) = (user, user, port, security);
        Assert.Empty(options.Validate());
        Assert.Equal((effectivePort, effective), (options.EffectivePort, options.EffectiveSecurity));
    }

    private static string Key { get; } = WriteKey();

    public static TheoryData<string, Action<EmailOptions>> Wrong =>
        new()
        {
            { "Email:Host is 'smtp example';", options => options.Host = "smtp example" },
            { "Email:Port is 70000;", options => options.Port = 70000 },
            { "Email:From is '';", options => options.From = "" },
            { "Email:From is 'HR <hr@example.org>';", options => options.From = "HR <hr@example.org>" },
            { "Email:From is 'hr@example.org\r\nX: y';", options => options.From = "hr@example.org\r\nX: y" },
            { "Email:Security is '7';", options => options.Security = (EmailSecurity)7 },
            { "Email:Password is missing while Email:User is set;", options => options.User = "u" },
            { "Email:Password is set while Email:User is empty;", options => options.Password = "SECRET" },
            { "Email:Auth is '9';", options => options.Auth = (EmailAuth)9 },
            {
                "Email:Auth is None while Email:User is 'u';",
                options => (options.User, options.Password, options.Auth) = ("u", "SECRET", EmailAuth.None)
            },
            { "Email:User is missing while Email:Auth is Scram;", options => options.Auth = EmailAuth.Scram },
            {
                "Email:User is missing while Email:Auth is XOAuth2;",
                options => (options.Auth, options.Token) = (EmailAuth.XOAuth2, "SECRET")
            },
            { "Email:Password is missing while Email:User is set;", options => (options.User, options.Auth) = ("u", EmailAuth.Plain) },
            {
                "Email:Password is set while Email:Auth is XOAuth2;",
                options => (options.User, options.Password, options.Auth) = ("u", "SECRET", EmailAuth.XOAuth2)
            },
            { "Email:Token and Email:TokenFile are missing", options => (options.User, options.Auth) = ("u", EmailAuth.XOAuth2) },
            {
                "Email:Token and Email:TokenFile are both set",
                options => (options.User, options.Auth, options.Token, options.TokenFile) = ("u", EmailAuth.XOAuth2, "SECRET", "f")
            },
            {
                "Email:TokenFile is 'no-such-file';",
                options => (options.User, options.Auth, options.TokenFile) = ("u", EmailAuth.XOAuth2, "no-such-file")
            },
            {
                "Email:Token is set while Email:Auth is not set;",
                options => (options.User, options.Password, options.Token) = ("u", "p", "SECRET")
            },
            { "Email:Dkim:Domain is '';", options => (options.Dkim.Selector, options.Dkim.KeyFile) = ("s", Key) },
            {
                "Email:Dkim:Domain is 'a b';",
                options => (options.Dkim.Domain, options.Dkim.Selector, options.Dkim.KeyFile) = ("a b", "s", Key)
            },
            {
                "Email:Dkim:Selector is 's;t=y';",
                options => (options.Dkim.Domain, options.Dkim.Selector, options.Dkim.KeyFile) = ("example.org", "s;t=y", Key)
            },
            {
                "Email:Dkim:KeyFile is 'no-such-file'; there is no such file.",
                options => (options.Dkim.Domain, options.Dkim.Selector, options.Dkim.KeyFile) = ("example.org", "s", "no-such-file")
            },
            {
                "Email:Dkim:KeyFile is 'Reminders.Tests.runtimeconfig.json'; it holds no private key",
                options =>
                    (options.Dkim.Domain, options.Dkim.Selector, options.Dkim.KeyFile) = (
                        "example.org",
                        "s",
                        "Reminders.Tests.runtimeconfig.json"
                    )
            },
            { "Email:CertificateSha256 is 'abc';", options => options.CertificateSha256 = "abc" },
            { "Email:Timeout is 00:00:00;", options => options.Timeout = TimeSpan.Zero },
            { "Email:Connections is 0;", options => options.Connections = 0 },
            {
                "Email:Security is None while Email:User is set and Email:Host is 'smtp.example.org';",
                options => (options.User, options.Password, options.Security) = ("u", "SECRET", EmailSecurity.None)
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_with_its_value(string start, Action<EmailOptions> spoil)
    {
        var options = Right();
        spoil(options);
        var problem = Assert.Single(options.Validate());
        Assert.StartsWith(start, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sender_cannot_be_built_from_wrong_options() =>
        Assert.Contains(
            "Email:Host",
            Assert.Throws<ArgumentException>(() => new EmailSender(new EmailOptions(), TimeProvider.System)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Email:Timeout", "00:00:13", "Email:Timeout is 00:00:13: it must be less than half of Outbox:SendLease (00:00:25).")]
    [InlineData("Email:Connections", "0", "Email:Connections is 0; it should be between 1 and 100.")]
    [InlineData("Email:Auth", "Magic", "Failed to convert configuration value 'Magic' at 'Email:Auth'")]
    [InlineData("Email:Auth", "SCRAM", "Email:User is missing while Email:Auth is Scram; give it, and Email:Password.")]
    [InlineData("Email:Dkim:Domain", "example.org", "Email:Dkim:Selector is '';")]
    [InlineData("Email:Port", "abc", "Failed to convert configuration value 'abc' at 'Email:Port'")]
    public void A_node_with_a_wrong_setting_says_so_at_its_start(string key, string value, string start)
    {
        var thrown = Assert.Throws<SettingsException>(() =>
            Node([("Email:Host", "smtp.example.org"), ("Email:From", "a@example.org"), (key, value)])
        );
        Assert.StartsWith(start, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp.example.org", true)]
    [InlineData("", false)]
    public void There_is_an_e_mail_channel_where_a_host_is_named(string host, bool there) =>
        Assert.Equal(
            there,
            Node([("Email:Host", host), ("Email:From", "a@example.org")])
                .Any(service => service.ServiceKey is "email" && service.ServiceType == typeof(Reminders.Channels.ISender))
        );

    private static IServiceCollection Node((string Key, string Value)[] settings) =>
        new ServiceCollection().AddEngine(
            new ConfigurationBuilder()
                .Add(new ShippedKinds())
                .AddInMemoryCollection([new("ConnectionString", "Host=db;Database=reminders"), new("Telegram:BotToken", "1:a")])
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build(),
            channels => channels.AddTelegram().AddEmail().AddWhatsApp()
        );

    private static string WriteKey()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        File.WriteAllText("email-options-test.pem", key.ExportPkcs8PrivateKeyPem());
        return "email-options-test.pem";
    }

    private static EmailOptions Right() => new() { Host = "smtp.example.org", From = "reminders@example.org" };
}
