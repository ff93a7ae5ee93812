using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;
using Reminders.Lab.WhatsApp;

namespace Reminders.Lab.Tests.WhatsApp;

/// <summary>A stand-in, a raw HTTP client of it, and a webhook that keeps what it is told and refuses as often as a test says.</summary>
internal sealed class Phone : IAsyncDisposable
{
    public const string Ann = "79990001001";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<(JsonElement Body, string Raw, string? Signature)> _told = [];
    private readonly SimulatorServer _webhook;

    private Phone(WhatsAppSimulator simulator, WatchedTime time)
    {
        (Simulator, Time) = (simulator, time);
        Http = new HttpClient { BaseAddress = simulator.BaseAddress, Timeout = Patience };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", simulator.Options.AccessToken);
        _webhook = new SimulatorServer(0, HearAsync);
    }

    public WhatsAppSimulator Simulator { get; }

    public WhatsAppRecord Record => Simulator.Record;

    public WatchedTime Time { get; }

    public HttpClient Http { get; }

    /// <summary>How many of the next posts the webhook answers with 500.</summary>
    public int Refusals { get; set; }

    public static async Task<Phone> StartAsync(WhatsAppSimulatorOptions? options = null, bool webhook = true)
    {
        var time = new WatchedTime();
        var phone = new Phone(
            await WhatsAppSimulator.StartAsync(
                options ?? new() { EnforceLimits = false, EnforceWindow = false },
                time,
                TestContext.Current.CancellationToken
            ),
            time
        );
        var url = new Uri(await phone._webhook.StartAsync(TestContext.Current.CancellationToken), "hook");
        if (webhook)
        {
            await phone.Simulator.SetWebhookAsync(url);
        }

        return phone;
    }

    /// <summary>The messages and statuses that the webhook was told, as <c>text wamid</c> or <c>status wamid</c>.</summary>
    public string[] Told()
    {
        lock (_told)
        {
            return
            [
                .. _told
                    .Select(told => Item(told.Body))
                    .Select(item =>
                        $"{(item.TryGetProperty("status", out var status) ? status : item.GetProperty("type")).GetString()} "
                        + $"{item.GetProperty("id").GetString()}"
                    ),
            ];
        }
    }

    public (JsonElement Body, string Raw, string? Signature)[] Bodies()
    {
        lock (_told)
        {
            return [.. _told];
        }
    }

    public static JsonElement Item(JsonElement body)
    {
        var value = body.GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value");
        return (value.TryGetProperty("messages", out var messages) ? messages : value.GetProperty("statuses"))[0];
    }

    public static object Text(string to = Ann, string text = "Hello") =>
        new
        {
            messaging_product = "whatsapp",
            to,
            type = "text",
            text = new { body = text },
            biz_opaque_callback_data = "17",
        };

    public static object Buttons(params (string Id, string Title)[] buttons) =>
        new
        {
            messaging_product = "whatsapp",
            to = Ann,
            type = "interactive",
            interactive = new
            {
                type = "button",
                body = new { text = "Confirm?" },
                action = new { buttons = buttons.Select(b => new { type = "reply", reply = new { id = b.Id, title = b.Title } }) },
            },
        };

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(object message, string? number = null)
    {
        using var response = await Http.PostAsync(
            $"/v23.0/{number ?? Simulator.Options.PhoneNumberId}/messages",
            JsonContent.Create(message)
        );
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The code of the refusal, and the error in Graph's shape.</summary>
    public async Task<int> RefusedAsync(object message, string? number = null)
    {
        var error = (await SendAsync(message, number)).Body.GetProperty("error");
        Assert.StartsWith($"(#{error.GetProperty("code")})", error.GetProperty("message").GetString());
        Assert.NotEmpty(error.GetProperty("error_data").GetProperty("details").GetString()!);
        Assert.NotEmpty(error.GetProperty("fbtrace_id").GetString()!);
        return error.GetProperty("code").GetInt32();
    }

    public async Task<string> AcceptedAsync(object message)
    {
        var (status, body) = await SendAsync(message);
        Assert.Equal(HttpStatusCode.OK, status);
        return body.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }

    public Task PostedAsync(int times) => Record.WaitForAsync(record => record.Posts.Count >= times, Patience);

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        await _webhook.DisposeAsync();
        Http.Dispose();
    }

    private async Task HearAsync(HttpContext http)
    {
        if (http.Request.Method == "GET")
        {
            Assert.Equal(
                ("subscribe", Simulator.Options.VerifyToken),
                (http.Request.Query["hub.mode"].ToString(), http.Request.Query["hub.verify_token"].ToString())
            );
            await http.Response.WriteAsync(http.Request.Query["hub.challenge"]!);
            return;
        }

        var raw = System.Text.Encoding.UTF8.GetString(await SimulatorServer.ReadBodyAsync(http.Request.BodyReader));
        lock (_told)
        {
            if (Refusals > 0)
            {
                Refusals--;
                http.Response.StatusCode = 500;
                return;
            }

            _told.Add((JsonDocument.Parse(raw).RootElement, raw, http.Request.Headers["X-Hub-Signature-256"]));
        }
    }
}
