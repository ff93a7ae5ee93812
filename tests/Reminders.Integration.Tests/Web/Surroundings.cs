using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Web;

/// <summary>Health, the API's description, telemetry: what is around the API.</summary>
public sealed class Surroundings(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task A_running_node_is_live_and_ready_and_names_what_it_looked_at()
    {
        await using var telegram = await TelegramSimulator.StartAsync(
            new() { EnforceLimits = false },
            cancellationToken: TestContext.Current.CancellationToken
        );
        await using var whole = await WebNode.StartAsync(
            shared.Postgres,
            null,
            ("Telegram:ApiBaseUrl", telegram.BaseAddress.ToString()),
            ("Telegram:BotToken", telegram.Token)
        );
        Assert.Equal("ok", (string)(await whole.GetAsync("/health/live", "")).Json["status"]!);
        await Eventually.TrueAsync(
            async () => (string)(await whole.GetAsync("/health/ready", "")).Json["status"]! == "ok",
            Patience,
            "ready"
        );
        var ready = await whole.GetAsync("/health/ready", "");
        Assert.Equal(
            ["channels", "clock", "database", "failover", "listener", "loops", "migrations", "rows", "scheduler", "updates"],
            ready.Json["checks"]!.AsObject().Select(check => check.Key).Order()
        );
        Assert.All(ready.Json["checks"]!.AsObject(), check => Assert.Equal("ok", (string)check.Value!["status"]!));
    }

    [Fact]
    public async Task A_node_whose_schema_is_behind_is_live_but_not_ready()
    {
        await using var behind = await WebNode.StartAsync(shared.Postgres);
        await behind.ScalarAsync<int>("DELETE FROM reminders.migration WHERE number = 3 RETURNING number");
        Assert.Equal(200, (await behind.GetAsync("/health/live", "")).Status);
        var ready = await behind.GetAsync("/health/ready", "");
        Assert.Equal((503, "failing"), (ready.Status, (string)ready.Json["checks"]!["migrations"]!["status"]!));
        Assert.DoesNotContain("Password", ready.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_paused_channel_is_told_with_its_end_as_doctor_tells_it()
    {
        await using var paused = await WebNode.StartAsync(shared.Postgres);
        await paused.ScalarAsync<string>(
            "INSERT INTO reminders.channel (name, paused_until, pause_reason) VALUES ('letter', now() + interval '1 hour', "
                + "'429') RETURNING name"
        );
        var channels = (await paused.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!;
        Assert.Equal("degraded", (string)channels["status"]!);
        Assert.Matches(@"letter was asked to wait until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", (string)channels["description"]!);
    }

    [Fact]
    public async Task The_description_names_every_route_its_key_and_its_problems()
    {
        var api = (await _node.GetAsync("/openapi/v1.json", "")).Json;
        Assert.Equal(
            [
                "/api/audit",
                "/api/bookings",
                "/api/bookings/approve",
                "/api/bookings/{id}",
                "/api/bookings/{id}/answer",
                "/api/bookings/{id}/approve",
                "/api/bookings/{id}/ask-again",
                "/api/bookings/{id}/cancel",
                "/api/bookings/{id}/candidate",
                "/api/bookings/{id}/explain",
                "/api/bookings/{id}/move",
                "/api/bookings/{id}/reminders",
                "/api/channels",
                "/api/channels/{name}/pause",
                "/api/channels/{name}/resume",
                "/api/doctor",
                "/api/groups/{name}",
                "/api/kinds",
                "/api/kinds/{name}/pause",
                "/api/kinds/{name}/resume",
                "/api/kinds/{name}/texts",
                "/api/kinds/{name}/texts/back",
                "/api/kinds/{name}/texts/history",
                "/api/kinds/{name}/texts/preview",
                "/api/messages",
                "/api/notifications",
                "/api/notifications/explain",
                "/api/notifications/mark_all_as_read",
                "/api/notifications/ticket",
                "/api/notifications/unread",
                "/api/notifications/unread_count",
                "/api/notifications/{id}/mark_as_read",
                "/api/outbox",
                "/api/outbox/replay",
                "/api/outbox/resend",
                "/api/outbox/settle",
                "/api/outbox/{id}/replay",
                "/api/outbox/{id}/resend",
                "/api/outbox/{id}/settle",
                "/api/recipients",
                "/api/recipients/{reference}",
                "/api/recipients/{reference}/addresses/{channel}",
                "/api/recipients/{reference}/erase",
                "/api/recipients/{reference}/export",
                "/api/recipients/{reference}/start-code",
                "/api/suppressions",
                "/api/tokens",
                "/api/tokens/revoke",
            ],
            api["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal("bearer", (string)api["components"]!["securitySchemes"]!["bearer"]!["scheme"]!);
        foreach (
            var (name, operation) in api["paths"]!
                .AsObject()
                .SelectMany(
                    path => path.Value!.AsObject().Where(part => part.Key is "get" or "post"),
                    (path, part) => ($"{part.Key} {path.Key}", part.Value!)
                )
        )
        {
            Assert.NotEmpty((string)operation["summary"]!);
            Assert.NotNull(
                operation["security"]![0]![
                    name == "get /api/notifications"
                    || name.Contains("/notifications/", StringComparison.Ordinal) && !name.EndsWith("/explain", StringComparison.Ordinal)
                        ? "user"
                        : "bearer"
                ]
            );
            Assert.NotNull(operation["responses"]!["401"]!["content"]!["application/problem+json"]);
        }
        var create = api["paths"]!["/api/bookings"]!["post"]!;
        Assert.NotNull(create["responses"]!["201"]);
        Assert.NotNull(create["requestBody"]!["content"]!["application/json"]);
        Assert.Contains(create["parameters"]!.AsArray(), parameter => (string)parameter!["name"]! == "Idempotency-Key");
    }

    [Fact]
    public async Task Telemetry_is_exported_and_holds_no_token_and_no_trigger_name()
    {
        var exported = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        await using var collector = await CollectAsync(exported);
        await using (
            var watched = await WebNode.StartAsync(
                shared.Postgres,
                null,
                (
                    "Telemetry:OtlpEndpoint",
                    collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
                ),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                // Its own: a simulated Telegram of another test serves in this process too, and hears that one's token.
                ("Telegram:BotToken", "987654321:AAown-token_that-must-not-leak")
            )
        )
        {
            // Due in some seconds, so that Quartz itself fires it; on a busy machine it takes some to approve it.
            var booking = WebNode.Booking(startsIn: TimeSpan.FromHours(2) + TimeSpan.FromSeconds(12));
            var id = (string)(await watched.PostAsync("/api/bookings", booking)).Json["id"]!;
            await watched.PostAsync($"/api/bookings/{id}/approve");
            // A person's token stands in the address of their live connection.
            await watched.GetAsync("/ws/notifications/?token=rt_must-not-leak", "");
            // It was tried, and so the token was in a URL.
            await Eventually.TrueAsync(
                async () => await watched.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.every_attempt)"),
                Patience,
                "an attempt"
            );
            // On a busy machine the reconciler may have been first; Quartz's own job has run when its rows are gone.
            await Eventually.TrueAsync(
                async () =>
                    await watched.ScalarAsync<bool>(
                        """
                        SELECT NOT EXISTS (SELECT FROM quartz.qrtz_triggers WHERE trigger_group = 'reminders'
                            AND trigger_name LIKE 'CONFIRM%')
                           AND NOT EXISTS (SELECT FROM quartz.qrtz_fired_triggers)
                        """
                    ),
                Patience,
                "the job"
            );
        }
        Assert.Equal(["/v1/metrics", "/v1/traces"], exported.Keys.Order(StringComparer.Ordinal));
        var everything = string.Concat(exported.Values.SelectMany(bodies => bodies));
        Assert.Contains("http.server.request.duration", everything, StringComparison.Ordinal);
        Assert.Contains("Npgsql", everything, StringComparison.Ordinal);
        Assert.Contains("quartz.job.execution.duration", everything, StringComparison.Ordinal);
        Assert.Contains("reminders.clock.skew", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("AAown-token", everything, StringComparison.Ordinal);
        Assert.Contains("/ws/notifications/", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("rt_must-not-leak", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("quartz.trigger.name", string.Concat(exported["/v1/metrics"]), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentDictionary<string, ConcurrentBag<string>> exported)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.MapPost(
            "/{**path}",
            async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                // Protobuf keeps texts as they are, so looking for one needs no decoding.
                exported.GetOrAdd(context.Request.Path, _ => []).Add(Encoding.Latin1.GetString(body.ToArray()));
            }
        );
        await collector.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }
}
