using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>The command <c>serve</c> as an operator runs it: with TLS, behind a proxy, and with what is wrong with either.</summary>
public sealed class Serving(Postgres postgres) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reminders-serving").FullName;
    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await Cluster.StartAsync(postgres, nodes: 0);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("PEM")]
    [InlineData("one PEM")]
    [InlineData("PEM with a password")]
    [InlineData("PFX")]
    public async Task An_https_address_is_served_with_the_certificate_of_the_settings(string form)
    {
        using var certificate = Certificate(TimeProvider.System.GetUtcNow().AddDays(30));
        await using var node = await ServeAsync(["--urls", "https://127.0.0.1:0"], Settings(certificate, form));
        string? seen = null;
        using var http = new HttpClient(
            new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, given, _, _) => (seen = given?.Thumbprint) is not null }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Ready, "health/live"));
        request.Headers.Host = "reminders.example.com";
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "https", certificate.Thumbprint), (answer.StatusCode, node.Ready.Scheme, seen));
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Theory]
    [InlineData("missing", "setting Tls:Certificate is missing while --urls is 'https://127.0.0.1:0'")]
    [InlineData("no file", "there is no such file")]
    [InlineData("no key", "which cannot be read")]
    [InlineData("no certificate", "which cannot be read")]
    [InlineData("wrong password", "which cannot be read")]
    [InlineData("past", "and not now: renew it")]
    public async Task A_certificate_that_does_not_serve_is_one_line(string trouble, string says)
    {
        using var certificate = Certificate(TimeProvider.System.GetUtcNow().AddDays(trouble == "past" ? -1 : 30));
        var settings = Settings(certificate, trouble == "wrong password" ? "PFX" : "PEM");
        switch (trouble)
        {
            case "missing":
                settings.Clear();
                break;
            case "no file":
                settings["Tls__Certificate"] = Path.Combine(_folder, "nowhere.pem");
                break;
            case "no key":
                settings.Remove("Tls__Key");
                break;
            case "no certificate":
                await File.WriteAllTextAsync(settings["Tls__Certificate"], "nothing", TestContext.Current.CancellationToken);
                break;
            case "wrong password":
                settings["Tls__Password"] = "another-password";
                break;
        }
        var (code, error) = await FailAsync(["--urls", "https://127.0.0.1:0"], settings);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("another-password", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_proxy_forwards_counts_from_the_named_network_and_nowhere_else()
    {
        var token = await TokenAsync();
        foreach (
            var (networks, link) in new[]
            {
                ("127.0.0.0/8", "https://reminders.example.com/"),
                ("10.0.0.0/8", "http://127.0.0.1"),
                ("", "http://127.0.0.1"),
            }
        )
        {
            await using var node = await ServeAsync(
                ["--urls", "http://127.0.0.1:0"],
                networks.Length > 0 ? new() { ["Proxies__Networks__0"] = networks } : []
            );
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Ready, "api/notifications/"));
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.Add("X-Forwarded-For", "203.0.113.7");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-Host", "reminders.example.com");
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Contains(
                $"\"next\":\"{link}",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_network_that_is_none_is_one_line()
    {
        var (code, error) = await FailAsync(["--urls", "http://127.0.0.1:0"], new() { ["Proxies__Networks__0"] = "10.0.0.0/33" });
        Assert.Equal(2, code);
        Assert.StartsWith("setting Proxies:Networks:0 is '10.0.0.0/33'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "", true)]
    [InlineData("http://*:0", "", true)]
    [InlineData("http://[::]:0", "", true)]
    [InlineData("http://0.0.0.0:0", "10.0.0.0/8", false)]
    [InlineData("http://127.0.0.1:0", "", false)]
    [InlineData("http://localhost:5080", "", false)]
    [InlineData("https://0.0.0.0:0", "", false)]
    public void An_address_open_to_others_without_TLS_or_a_proxy_is_warned_of(string urls, string network, bool warns)
    {
        var proxies = new Reminders.Cli.Serving.ProxyOptions { Networks = network.Length > 0 ? [network] : [] };
        Assert.Equal(warns, proxies.Warning(urls)?.Contains("without TLS", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_node_that_is_open_to_others_says_so_in_one_line()
    {
        await using var node = await ServeAsync(["--urls", "http://0.0.0.0:0"], []);
        Assert.Contains("http://0.0.0.0:0 is open to other machines without TLS", await node.ErrorLineAsync(), StringComparison.Ordinal);
    }

    private Dictionary<string, string> Settings(X509Certificate2 certificate, string form)
    {
        var (file, key) = (Path.Combine(_folder, form == "PFX" ? "tls.pfx" : "tls.pem"), Path.Combine(_folder, "tls.key"));
        const string Password = "the-password";
        var encrypted = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        using var rsa = certificate.GetRSAPrivateKey()!;
        switch (form)
        {
            case "PFX":
                File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, Password));
                return new() { ["Tls__Certificate"] = file, ["Tls__Password"] = Password };
            case "one PEM":
                File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}");
                return new() { ["Tls__Certificate"] = file };
            case "PEM with a password":
                File.WriteAllText(file, certificate.ExportCertificatePem());
                File.WriteAllText(key, rsa.ExportEncryptedPkcs8PrivateKeyPem(Password, encrypted));
                return new()
                {
                    ["Tls__Certificate"] = file,
                    ["Tls__Key"] = key,
                    ["Tls__Password"] = Password,
                };
            default:
                File.WriteAllText(file, certificate.ExportCertificatePem());
                File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
                return new() { ["Tls__Certificate"] = file, ["Tls__Key"] = key };
        }
    }

    private static X509Certificate2 Certificate(DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest(
            "CN=reminders.example.com",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(until.AddDays(-60), until);
    }

    /// <summary>The token of somebody whose inbox has two pages.</summary>
    private async Task<string> TokenAsync()
    {
        var token = RandomSecret.Create(AccessTokens.Prefix);
        await _cluster.ScalarAsync<int>(
            """
            WITH person AS (INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ('anna', 'Anna', 'en', 'UTC')
                RETURNING id),
            token AS (INSERT INTO reminders.access_token (hash, recipient_id, issued_by, expires_at)
                SELECT $1, id, 'test', now() + interval '1 hour' FROM person),
            subject AS (INSERT INTO reminders.subject (type, key, status, created_by) VALUES ('ticket', 'T-1', 'open', 'test')
                RETURNING id),
            told AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at,
                useful_until, planned_by, fired_at)
                     SELECT 'TICKET_COMMENT', subject.id, n, person.id, 'fired', '{}', '', now(), now(), 'test', now()
                         FROM subject, person, generate_series(1, 25) n
                     RETURNING id, version, recipient_id),
            box AS (INSERT INTO reminders.inbox (recipient_id, last_seq) SELECT id, 25 FROM person),
            items AS (INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key)
                      SELECT id, recipient_id, version, 'TICKET_COMMENT', 'ticket', 'T-1' FROM told)
            SELECT 1
            """,
            RandomSecret.Hash(token)
        );
        return token;
    }

    private async Task<Served> ServeAsync(string[] arguments, Dictionary<string, string> settings)
    {
        var served = new Served(Start(arguments, settings));
        try
        {
            await served.WaitAsync();
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    private async Task<(int Code, string Error)> FailAsync(string[] arguments, Dictionary<string, string> settings)
    {
        using var process = Start(arguments, settings);
        // A node that starts all the same ends at once, and says that it was ready in place of what is wrong.
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }

    private Process Start(string[] arguments, Dictionary<string, string> settings)
    {
        var start = Programs.Reminders(["serve", "--until-stdin-closes", .. arguments]);
        (start.WorkingDirectory, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (
            _folder,
            true,
            true,
            true
        );
        foreach (var (key, value) in _cluster.Settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }

    private sealed class Served(Process process) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public Uri Ready { get; private set; } = null!;

        public async Task WaitAsync()
        {
            while (
                await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience) is { } line
            )
            {
                if (line.Split(' ') is not ["ready", var address, _])
                {
                    continue;
                }

                Ready = new Uri(address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
                return;
            }
            throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        public Task<string?> ErrorLineAsync() =>
            process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(25));
            await process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process.Kill();
            process.Dispose();
        }
    }
}
