using System.Net.Http.Json;
using System.Text.Json;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Tests.Telegram;

/// <summary>A simulator and a raw HTTP client of its bot: no library in between, so that every byte is the Bot API's.</summary>
internal sealed class BotClient : IAsyncDisposable
{
    public const long Chat = TelegramSimulator.FirstChatId;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    public static readonly object Buttons = new
    {
        inline_keyboard = new[]
        {
            new[] { new { text = "I confirm", callback_data = "y:1" } },
            [new { text = "I can't", callback_data = "n:1" }],
        },
    };

    private BotClient(TelegramSimulator simulator, WatchedTime time)
    {
        Simulator = simulator;
        Time = time;
        Http = new HttpClient { BaseAddress = simulator.BaseAddress, Timeout = Patience };
    }

    public TelegramSimulator Simulator { get; }

    public SimulatorRecord Record => Simulator.Record;

    public WatchedTime Time { get; }

    public HttpClient Http { get; }

    public static async Task<BotClient> StartAsync(TelegramSimulatorOptions? options = null)
    {
        var time = new WatchedTime();
        options ??= new TelegramSimulatorOptions { EnforceLimits = false, Seed = 7 };
        return new BotClient(await TelegramSimulator.StartAsync(options, time, TestContext.Current.CancellationToken), time);
    }

    public string Url(string method) => $"/bot{Simulator.Token}/{method}";

    public async Task<Answer> CallAsync(string method, object? arguments = null)
    {
        using var content = JsonContent.Create(arguments ?? new { });
        return await CallAsync(method, content);
    }

    public async Task<Answer> CallAsync(string method, HttpContent content)
    {
        using var response = await Http.PostAsync(Url(method), content);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> SendAsync(string text = "Hello", object? markup = null, long chat = Chat) =>
        markup is null
            ? CallAsync("sendMessage", new { chat_id = chat, text })
            : CallAsync(
                "sendMessage",
                new
                {
                    chat_id = chat,
                    text,
                    reply_markup = markup,
                }
            );

    public async Task<long> SendWithButtonsAsync() => (await SendAsync("Confirm?", Buttons)).MessageId;

    public async Task<JsonElement[]> UpdatesAsync(object? arguments = null) =>
        [.. (await CallAsync("getUpdates", arguments)).Result.EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        Http.Dispose();
    }
}

internal sealed record Answer(int Status, JsonElement Body, string? RetryAfter)
{
    public JsonElement Result => Body.GetProperty("result");

    public long MessageId => Result.GetProperty("message_id").GetInt64();

    public string Description => Body.GetProperty("description").GetString()!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return new((int)response.StatusCode, document.RootElement.Clone(), response.Headers.RetryAfter?.ToString());
    }

    /// <summary>The error as the Bot API words it: the status, the same code in the body, ok false.</summary>
    public void IsError(int status, string description)
    {
        Assert.Equal((status, description), (Status, Description));
        Assert.Equal(status, Body.GetProperty("error_code").GetInt32());
        Assert.False(Body.GetProperty("ok").GetBoolean());
    }
}
