using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Telegram;
using Reminders.Settings;

namespace Reminders.Integration.Tests.Web;

/// <summary>
/// The webhook at Telegram is the cluster's own, whatever was registered before or is meanwhile, and a way by which no answer
/// gets here is said where people look. The simulator delivers over real HTTP and keeps what went wrong, as Telegram does.
/// </summary>
public sealed class WebhookKept(Postgres postgres) : IAsyncLifetime
{
    private const long Candidate = 1001;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly HttpClient _http = new();
    private TelegramSimulator _telegram = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_secret_registered_under_our_address_before_the_start_is_replaced_and_the_press_arrives()
    {
        var url = FreeAddress();
        await SetWebhookAsync(new { url = $"{url}/telegram/webhook", secret_token = "somebody-elses" });
        await using var node = await StartAsync(url);
        await PressAsync(node);
        await ConfirmedAsync(node);
        Assert.Equal(
            ["message", "callback_query", "my_chat_member"],
            (await InfoAsync())["allowed_updates"]!.AsArray().Select(kind => (string)kind!)
        );
    }

    [Theory]
    [InlineData("telegram/webhook", "somebody-elses", "401")]
    [InlineData("elsewhere", null, "was set to 127.0.0.1")]
    public async Task A_registration_taken_from_us_meanwhile_is_named_and_made_again_and_the_press_arrives(
        string path,
        string? secret,
        string said
    )
    {
        var url = FreeAddress();
        await using var node = await StartAsync(url);
        var message = await RemindedAsync(node);
        await Eventually.TrueAsync(async () => (string)(await ReadyAsync(node))["status"]! == "ok", Patience, "registered");
        await SetWebhookAsync(
            secret is null ? new { url = $"{url}/{path}" } : (object)new { url = $"{url}/{path}", secret_token = secret }
        );
        _telegram.PressButton(Candidate, message, 0);
        await ConfirmedAsync(node);
        await Eventually.TrueAsync(
            async () =>
                (string)(await ReadyAsync(node))["description"]! is var words
                && words.Contains(said, StringComparison.Ordinal)
                && words.Contains("registered again", StringComparison.Ordinal),
            Patience,
            "said"
        );
        Assert.Equal("degraded", (string)(await ReadyAsync(node))["status"]!);
        Assert.Equal($"{url}/telegram/webhook", (string)(await InfoAsync())["url"]!);
        var finding = Assert.Single(await Doctor.SourceChecks.LookAsync(new(node.Database), Stop));
        Assert.Equal(Doctor.Health.Attention, finding.Health);
        Assert.Contains(said, finding.Says());
    }

    [Fact]
    public async Task A_webhook_that_Telegram_cannot_reach_is_said_with_what_waits()
    {
        await using var node = await StartAsync(FreeAddress(), ("Telegram:WebhookUrl", "http://127.0.0.1:1/telegram/webhook"));
        _telegram.PressButton(Candidate, await RemindedAsync(node), 0);
        await Eventually.TrueAsync(
            async () =>
                ((string)(await ReadyAsync(node))["description"]!).Contains(
                    "could not deliver to the webhook: Connection refused; 1 updates wait",
                    StringComparison.Ordinal
                ),
            Patience,
            "said"
        );
        Assert.Equal("degraded", (string)(await ReadyAsync(node))["status"]!);
    }

    [Fact]
    public async Task Of_several_nodes_that_start_together_one_registers()
    {
        await using var first = await StartAsync(FreeAddress());
        await using var second = await first.StartAnotherAsync(Settings(FreeAddress()));
        await using var third = await first.StartAnotherAsync(Settings(FreeAddress()));
        await Eventually.TrueAsync(async () => (string)(await ReadyAsync(third))["status"]! == "ok", Patience, "registered");
        // Each has had its turn when each has asked for the lease since.
        await Eventually.TrueAsync(() => Task.FromResult(_telegram.Record.Calls("getWebhookInfo") >= 4), Patience, "checks");
        Assert.Equal(1, _telegram.Record.Calls("setWebhook"));
        var leads = await first.ScalarAsync<string>("SELECT holder FROM reminders.lease WHERE name = 'telegram-webhook'");
        await new[] { first, second, third }.Single(node => node.Engine.GetRequiredService<NodeName>().Value == leads).App.StopAsync(Stop);
        // Whoever takes it over makes it anew: it may have other settings.
        await Eventually.TrueAsync(() => Task.FromResult(_telegram.Record.Calls("setWebhook") >= 2), Patience, "taken over");
    }

    [Fact]
    public async Task A_webhook_set_while_nodes_poll_is_named_and_deleted_and_the_press_arrives()
    {
        await using var node = await StartAsync(FreeAddress(), ("Telegram:Mode", "Polling"), ("Telegram:PollTimeout", "00:00:01"));
        var message = await RemindedAsync(node);
        await Eventually.TrueAsync(async () => (string)(await ReadyAsync(node))["status"]! == "ok", Patience, "polled");
        await SetWebhookAsync(new { url = "http://127.0.0.1:1/theirs" });
        _telegram.PressButton(Candidate, message, 0);
        await ConfirmedAsync(node);
        await Eventually.TrueAsync(
            async () =>
                ((string)(await ReadyAsync(node))["description"]!).Contains(
                    "somebody set a webhook to 127.0.0.1",
                    StringComparison.Ordinal
                ),
            Patience,
            "said"
        );
        Assert.Equal("", (string)(await InfoAsync())["url"]!);
    }

    [Fact]
    public async Task A_signature_that_is_not_Metas_is_the_last_word_until_one_that_is_comes()
    {
        await using var node = await StartAsync(
            FreeAddress(),
            ("WhatsApp:PhoneNumberId", "1555"),
            ("WhatsApp:AccessToken", "EAAtoken"),
            ("WhatsApp:AppSecret", "0123456789abcdef0123456789abcdef"),
            ("WhatsApp:VerifyToken", "a-verify-token-of-our-own"),
            ("WhatsApp:BaseUrl", "http://127.0.0.1:1/")
        );
        using (
            var posted = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp")
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            }
        )
        {
            posted.Headers.Add("X-Hub-Signature-256", "sha256=" + new string('0', 64));
            Assert.Equal(401, (await node.SendAsync(posted)).Status);
        }
        await Eventually.TrueAsync(
            async () =>
                ((string)(await ReadyAsync(node))["description"]!).Contains(
                    "whatsapp: what was last posted to the webhook",
                    StringComparison.Ordinal
                ),
            Patience,
            "said"
        );
        Assert.Contains("not made with WhatsApp:AppSecret; 1 refused in all", (string)(await ReadyAsync(node))["description"]!);
        Assert.Equal(403, (await node.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", "")).Status);
        await Eventually.TrueAsync(
            async () => ((string)(await ReadyAsync(node))["description"]!).Contains("2 refused in all", StringComparison.Ordinal),
            Patience,
            "counted"
        );

        var body = """{"object":"whatsapp_business_account","entry":[]}""";
        using (
            var posted = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            }
        )
        {
            posted.Headers.Add(
                "X-Hub-Signature-256",
                "sha256="
                    + Convert.ToHexStringLower(
                        System.Security.Cryptography.HMACSHA256.HashData("0123456789abcdef0123456789abcdef"u8, Encoding.UTF8.GetBytes(body))
                    )
            );
            Assert.Equal(200, (await node.SendAsync(posted)).Status);
        }
        await Eventually.TrueAsync(
            async () => !((string)(await ReadyAsync(node))["description"]!).Contains("whatsapp", StringComparison.Ordinal),
            Patience,
            "forgiven"
        );
    }

    public async ValueTask InitializeAsync()
    {
        _telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true }, cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _telegram.DisposeAsync();
    }

    private Task<WebNode> StartAsync(string url, params (string Key, string? Value)[] overrides) =>
        WebNode.StartAsync(postgres, null, [.. Settings(url), .. overrides]);

    private (string, string?)[] Settings(string url) =>
        [
            ("TestUrl", url),
            ("Telegram:ApiBaseUrl", _telegram.BaseAddress.ToString()),
            ("Telegram:BotToken", _telegram.Token),
            ("Telegram:WebhookUrl", $"{url}/telegram/webhook"),
            ("Telegram:WebhookCheckInterval", "00:00:01"),
            ("Telegram:SendTimeout", "00:00:03"),
        ];

    private async Task<long> RemindedAsync(WebNode node)
    {
        _telegram.AddChat(Candidate);
        _telegram.AddChat(9001);
        var id = (string)(await node.PostAsync("/api/bookings", WebNode.Booking(startsIn: TimeSpan.FromHours(1)))).Json["id"]!;
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{id}/approve")).Status);
        await _telegram.Record.WaitForAsync(record => record.MessagesTo(Candidate).Count == 1, Patience, Stop);
        return _telegram.Record.MessagesTo(Candidate)[0].MessageId;
    }

    private async Task PressAsync(WebNode node) => _telegram.PressButton(Candidate, await RemindedAsync(node), 0);

    private static Task ConfirmedAsync(WebNode node) =>
        Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.subject WHERE status = 'confirmed')"),
            Patience,
            "confirmed"
        );

    private static async Task<System.Text.Json.Nodes.JsonNode> ReadyAsync(WebNode node) =>
        (await node.GetAsync("/health/ready", "")).Json["checks"]!["updates"]!;

    private async Task SetWebhookAsync(object registration)
    {
        // More than one a second is a 429.
        await Eventually.TrueAsync(
            async () =>
            {
                using var reply = await _http.PostAsJsonAsync(
                    new Uri($"{_telegram.BaseAddress}bot{_telegram.Token}/setWebhook"),
                    registration,
                    Stop
                );
                return reply.StatusCode == HttpStatusCode.OK;
            },
            Patience,
            "set"
        );
    }

    private async Task<System.Text.Json.Nodes.JsonNode> InfoAsync() =>
        (
            await _http.GetFromJsonAsync<System.Text.Json.Nodes.JsonNode>(
                new Uri($"{_telegram.BaseAddress}bot{_telegram.Token}/getWebhookInfo"),
                Stop
            )
        )!["result"]!;

    private static string FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://{socket.LocalEndPoint}";
    }
}
