using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reminders.Lab.Tests.Telegram;

public sealed class WebhookTests
{
    private const long Chat = BotClient.Chat;

    [Fact]
    public async Task An_update_is_delivered_with_the_secret_and_forgotten_once_acknowledged()
    {
        await using var bot = await BotClient.StartAsync();
        await using var hook = await Receiver.StartAsync();
        bot.Simulator.SendText(Chat, "before the webhook was set");
        Assert.Equal("Webhook was set", (await bot.CallAsync("setWebhook", new { url = hook.Url, secret_token = "s3cret_-" })).Description);
        var got = await hook.NextAsync();
        Assert.Equal("s3cret_-", got.Secret);
        Assert.Equal("before the webhook was set", got.Update.GetProperty("message").GetProperty("text").GetString());
        got.Answer(200);
        bot.Simulator.SendText(Chat, "second");
        var second = await hook.NextAsync();

        // One person's updates go one after the other: here the first is done with, and only the second still waits.
        Assert.Equal(1, bot.Simulator.PendingUpdates);
        second.Answer(204);
        Assert.Equal("Webhook was deleted", (await bot.CallAsync("deleteWebhook")).Description);
    }

    [Fact]
    public async Task Only_2xx_acknowledges_and_retries_are_at_once_then_after_two_and_four_seconds()
    {
        await using var bot = await BotClient.StartAsync();
        await using var hook = await Receiver.StartAsync();
        await bot.CallAsync("setWebhook", new { url = hook.Url });
        bot.Simulator.SendText(Chat, "hello");
        (await hook.NextAsync()).Answer(500);
        (await hook.NextAsync()).Answer(302);
        foreach (var seconds in (int[])[2, 4])
        {
            await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(seconds));
            var info = (await bot.CallAsync("getWebhookInfo")).Result;
            Assert.Equal(1, info.GetProperty("pending_update_count").GetInt32());
            Assert.StartsWith("Wrong response from the webhook: ", info.GetProperty("last_error_message").GetString());
            Assert.Equal(bot.Time.GetUtcNow().ToUnixTimeSeconds(), info.GetProperty("last_error_date").GetInt64());
            bot.Time.Advance(TimeSpan.FromSeconds(seconds));
            (await hook.NextAsync()).Answer(seconds == 2 ? 403 : 200);
        }

        // Nothing else is due: the acknowledged update does not come again.
        bot.Simulator.SendText(Chat, "next");
        Assert.Equal("next", (await hook.NextAsync()).Text);
    }

    [Fact]
    public async Task One_persons_updates_wait_for_each_other_and_for_nobody_else()
    {
        await using var bot = await BotClient.StartAsync();
        await using var hook = await Receiver.StartAsync();
        await bot.CallAsync("setWebhook", new { url = hook.Url });
        bot.Simulator.SendText(1, "one, first");
        bot.Simulator.SendText(1, "one, second");
        var held = await hook.NextAsync();
        bot.Simulator.SendText(2, "two");
        var other = await hook.NextAsync();
        Assert.Equal(("one, first", "two"), (held.Text, other.Text));
        other.Answer(200);
        held.Answer(200);
        Assert.Equal("one, second", (await hook.NextAsync()).Text);
    }

    [Fact]
    public async Task An_undelivered_press_is_dropped_when_its_time_is_up()
    {
        await using var bot = await BotClient.StartAsync();
        await using var hook = await Receiver.StartAsync();
        await bot.CallAsync("setWebhook", new { url = hook.Url });
        bot.Simulator.Press(Chat, 1, "late");
        var first = await hook.NextAsync();
        bot.Time.Advance(TimeSpan.FromSeconds(151));
        first.Answer(500);
        bot.Simulator.Press(Chat, 1, "new");
        Assert.Equal("new", (await hook.NextAsync()).Update.GetProperty("callback_query").GetProperty("data").GetString());
    }

    [Fact]
    public async Task A_method_in_the_answer_to_a_webhook_is_carried_out()
    {
        await using var bot = await BotClient.StartAsync();
        await using var hook = await Receiver.StartAsync();
        await bot.CallAsync("setWebhook", new { url = hook.Url });
        bot.Simulator.SendText(Chat, "/start");
        (await hook.NextAsync()).Answer(200, $$"""{"method":"sendMessage","chat_id":{{Chat}},"text":"Welcome"}""");
        await bot.Record.WaitForAsync(r => r.MessagesTo(Chat) is [{ Text: "Welcome" }], BotClient.Patience);
    }

    [Fact]
    public async Task Polling_and_a_webhook_exclude_each_other()
    {
        await using var bot = await BotClient.StartAsync();
        var poll = bot.CallAsync("getUpdates", new { timeout = 30 });
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(30));
        await bot.CallAsync("setWebhook", new { url = "http://127.0.0.1:9/" });
        (await poll).IsError(409, "Conflict: terminated by setWebhook request");
        bot.Time.Advance(TimeSpan.FromSeconds(3));
        (await bot.CallAsync("getUpdates")).IsError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        );
        await bot.CallAsync("deleteWebhook");
        Assert.Equal(200, (await bot.CallAsync("getUpdates")).Status);
    }

    [Theory]
    [InlineData("nonsense", "", "invalid webhook URL specified")]
    [InlineData("https://x/", "has space", "secret token contains unallowed characters")]
    [InlineData("https://x/", null, "secret token is too long")]
    [InlineData("http://127.0.0.1:9/", "", "bad webhook: An HTTPS URL must be provided for webhook")]
    public async Task A_bad_webhook_is_refused(string url, string? secret, string complaint)
    {
        await using var bot = await BotClient.StartAsync(new() { AllowHttpWebhooks = false });
        (await bot.CallAsync("setWebhook", new { url, secret_token = secret ?? new string('a', 257) })).IsError(
            400,
            "Bad Request: " + complaint
        );
        Assert.Equal("", (await bot.CallAsync("getWebhookInfo")).Result.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Pending_updates_are_dropped_on_demand_and_an_unchanged_webhook_is_left_alone()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.SendText(Chat, "old");
        await bot.CallAsync("deleteWebhook", new { drop_pending_updates = true });
        Assert.Equal(0, bot.Simulator.PendingUpdates);
        await using var hook = await Receiver.StartAsync();
        await bot.CallAsync(
            "setWebhook",
            new
            {
                url = hook.Url,
                max_connections = 7,
                allowed_updates = new[] { "message" },
            }
        );
        bot.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            "Webhook is already set",
            (await bot.CallAsync("setWebhook", new { url = hook.Url, max_connections = 7 })).Description
        );
        var info = (await bot.CallAsync("getWebhookInfo")).Result;
        Assert.Equal(
            (hook.Url, 7, "message"),
            (
                info.GetProperty("url").GetString(),
                info.GetProperty("max_connections").GetInt32(),
                info.GetProperty("allowed_updates")[0].GetString()
            )
        );
    }

    /// <summary>A bot's own server, whose answers the test gives by hand.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
        private readonly CancellationTokenSource _stop = new();
        private readonly WebApplication _app;

        private Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.Urls.Add("http://127.0.0.1:0");
            _app.Run(async http =>
            {
                using var body = await JsonDocument.ParseAsync(http.Request.Body);
                var delivery = new Delivery(body.RootElement.Clone(), http.Request.Headers["X-Telegram-Bot-Api-Secret-Token"]);
                await _deliveries.Writer.WriteAsync(delivery);
                var (status, answer) = await delivery.Answered.Task.WaitAsync(_stop.Token);
                http.Response.StatusCode = status;
                if (answer is not null)
                {
                    http.Response.ContentType = "application/json";
                    await http.Response.WriteAsync(answer);
                }
            });
        }

        public string Url => _app.Urls.First() + "/hook";

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver();
            await receiver._app.StartAsync();
            return receiver;
        }

        public async Task<Delivery> NextAsync()
        {
            using var bound = new CancellationTokenSource(BotClient.Patience);
            return await _deliveries.Reader.ReadAsync(bound.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _app.DisposeAsync();
        }
    }

    private sealed record Delivery(JsonElement Update, string? Secret)
    {
        public TaskCompletionSource<(int, string?)> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text => Update.GetProperty("message").GetProperty("text").GetString()!;

        public void Answer(int status, string? body = null) => Answered.SetResult((status, body));
    }
}
