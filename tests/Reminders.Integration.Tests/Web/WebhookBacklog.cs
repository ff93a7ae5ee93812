using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>What Telegram says of the webhook (<c>pending_update_count</c>, <c>last_error_message</c>) is said by readiness and by
/// doctor.</summary>
public sealed class WebhookBacklog(Postgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const string Url = "http://127.0.0.1:1/telegram/webhook";

    private Func<string> _standing = () => Pending(0);
    private WebApplication _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost(
            "/{bot}/{method}",
            (string method) =>
                Results.Text(
                    method switch
                    {
                        "getMe" => """{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Bot","username":"bot"}}""",
                        "getWebhookInfo" => $$$"""
                        {"ok":true,"result":{"url":"{{{Url}}}","max_connections":40,"allowed_updates":["message","callback_query","my_chat_member"],{{{_standing()}}}}}
                        """,
                        _ => """{"ok":true,"result":true}""",
                    },
                    "application/json"
                )
        );
        await _server.StartAsync(Stop);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_backlog_that_grows_without_an_error_is_said_and_is_over_when_it_shrinks()
    {
        await using var node = await StartAsync();
        await UntilAsync(node, "ok", "deliver updates");
        var waiting = 100;
        _standing = () => Pending(waiting += 10);
        await UntilAsync(node, "degraded", " updates wait at Telegram, and more each time");
        Assert.Contains(
            "updates wait at Telegram, and more each time",
            (await DoctorAsync(node, Health.Attention)).Says(),
            StringComparison.Ordinal
        );
        _standing = () => Pending(Math.Max(waiting -= 50, 0));
        await UntilAsync(node, "ok", "deliver updates");
        Assert.Contains("updates come in", (await DoctorAsync(node, Health.Good)).Says(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Telegram_last_ran_into_is_said_with_what_waits_cleaned_and_bounded()
    {
        await using var node = await StartAsync();
        await UntilAsync(node, "ok", "deliver updates");
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var words = @"Read timeout expired\u0000\u001b[31m" + new string('x', 5000);
        _standing = () => $"""{Pending(7)},"last_error_date":{since},"last_error_message":"{words}" """;
        await UntilAsync(node, "degraded", "Telegram could not deliver to the webhook: Read timeout expired");
        var says = (await DoctorAsync(node, Health.Attention)).Says();
        Assert.Contains("Read timeout expired", says, StringComparison.Ordinal);
        Assert.DoesNotContain(says, char.IsControl);
        Assert.InRange(says.Length, 100, 1500);
    }

    private Task<WebNode> StartAsync() =>
        WebNode.StartAsync(
            postgres,
            null,
            ("Telegram:ApiBaseUrl", _server.Urls.First()),
            ("Telegram:WebhookUrl", Url),
            ("Telegram:WebhookCheckInterval", "00:00:01")
        );

    private static async Task UntilAsync(WebNode node, string status, string words) =>
        await Eventually.TrueAsync(
            async () =>
                (await node.GetAsync("/health/ready", "")).Json["checks"]!["updates"]! is var check
                && (string)check["status"]! == status
                && ((string)check["description"]!).Contains(words, StringComparison.Ordinal),
            Patience,
            words
        );

    private static async Task<Finding> DoctorAsync(WebNode node, Health health)
    {
        var finding = Assert.Single(await SourceChecks.LookAsync(new(node.Database), Stop));
        Assert.Equal(health, finding.Health);
        return finding;
    }

    private static string Pending(int count) => $"\"pending_update_count\":{count}";
}
