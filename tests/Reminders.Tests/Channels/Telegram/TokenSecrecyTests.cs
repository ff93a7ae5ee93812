using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using Reminders.Telegram;
using Reminders.Tests.Channels.Wire;
using Telegram.Bot.Requests;

namespace Reminders.Tests.Channels.Telegram;

/// <summary>The token is part of every URL, and the runtime likes to tell URLs to traces and event listeners.</summary>
public sealed class TokenSecrecyTests
{
    private const string Secret = "AAthisMustNeverBeSeenAnywhere";
    private const string Token = "987654321:" + Secret;

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_is_in_no_result_trace_or_event()
    {
        using var told = new Overheard();
        await using var server = ScriptedServer.Start(exchange =>
            exchange.ReplyAsync(400, $$"""{"ok":false,"error_code":400,"description":"no route for /bot{{Token}}/sendMessage"}""")
        );
        await using var silent = ScriptedServer.Start(exchange => exchange.StaySilentAsync());
        await using var cutting = ScriptedServer.Start(exchange =>
        {
            exchange.Cut();
            return Task.CompletedTask;
        });
        using var nobody = new NobodyListening();
        Uri[] providers =
        [
            server.Url,
            silent.Url,
            cutting.Url,
            nobody.Url,
            new("http://no-such-host.invalid/"),
            new($"https://127.0.0.1:{server.Port}/"),
        ];
        foreach (var provider in providers)
        {
            using var client = Bot.Client(provider, TimeSpan.FromMilliseconds(500), Token);
            var result = await new TelegramSender(client).SendAsync(Bot.Message, Running);
            Assert.DoesNotContain(Secret, result.ToString());
        }
        Assert.Contains(server.Requests, request => request.Path.Contains(Token));
        Assert.DoesNotContain(told.Lines, line => line.Contains(Secret));
    }

    [Fact]
    public async Task An_ordinary_HttpClient_would_have_told_both()
    {
        // Without this the test above could pass by listening to nothing.
        const string other = "AAtheControlOfTheTest";
        using var told = new Overheard();
        await using var server = ScriptedServer.Start(exchange => exchange.ReplyAsync(200, "{}"));
        using var client = new HttpClient();
        await client.PostAsync(new Uri($"{server.Url}bot1:{other}/sendMessage"), new StringContent("{}"), Running);
        Assert.Contains(told.Lines, line => line.StartsWith("event") && line.Contains(other));
        Assert.Contains(told.Lines, line => line.StartsWith("trace") && line.Contains(other));
    }

    [Fact]
    public void Neither_the_token_nor_the_webhook_secret_is_in_the_text_of_options_or_requests()
    {
        Assert.DoesNotContain(Secret, Bot.Options(new Uri("http://127.0.0.1/"), token: Token).ToString());
        Assert.DoesNotContain(Secret, new SetWebhookRequest { Url = "https://example.org/", SecretToken = Secret }.ToString());
    }

    /// <summary>Hears what OpenTelemetry's HTTP instrumentation and any event listener would hear.</summary>
    private sealed class Overheard : EventListener
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly ActivityListener _activities;

        public Overheard()
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                    _lines.Enqueue(
                        $"trace {activity.DisplayName} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}"
                    ),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        public string[] Lines => [.. _lines];

        public override void Dispose()
        {
            _activities.Dispose();
            base.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.NameResolution" or "System.Net.Sockets" or "System.Net.Security")
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        // Called from the base constructor's own registrations too, when _lines is not there yet.
        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            _lines?.Enqueue($"event {eventData.EventName} {string.Join(' ', eventData.Payload ?? (IEnumerable<object?>)[])}");
    }
}
