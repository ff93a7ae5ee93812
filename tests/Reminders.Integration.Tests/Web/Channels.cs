using Reminders.Doctor;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>Operators see how the channels stand, lift what waits, stop what should, and see to what an outage left in doubt.</summary>
public sealed class Channels(Postgres postgres)
{
    private const string Why = """{"reason":"Telegram says it was a mistake"}""";

    [Fact]
    public async Task A_channel_that_waits_is_listed_lifted_on_record_and_flows()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await node.ScalarAsync<string>(
            """
            INSERT INTO reminders.channel (name, paused_until, pause_reason, throttled_at)
                VALUES ('telegram', now() + interval '1 hour', '429 slow down', now()) RETURNING name
            """
        );
        var held = await HeldMessage.CreateAsync(node, "retry");
        await node.ScalarAsync<long>(
            "UPDATE reminders.outbox SET throttled = 1, settled_at = NULL, due_at = now() + interval '1 hour' WHERE id = $1 RETURNING id",
            held.Id
        );
        var listed = await ChannelAsync(node, "telegram");
        Assert.Equal(("waiting", "429 slow down", 1), ((string)listed["state"]!, (string)listed["reason"]!, (int)listed["waiting"]!));
        Assert.InRange((DateTimeOffset)listed["until"]! - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        var ready = (await node.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!;
        Assert.Equal("degraded", (string)ready["status"]!);
        Assert.Contains("telegram was asked to wait until", (string)ready["description"]!, StringComparison.Ordinal);

        var resumed = await node.PostAsync("/api/channels/telegram/resume", Why, node.Operator);
        Assert.Equal((200, "asked"), (resumed.Status, (string)resumed.Json["state"]!));
        Assert.True(await node.ScalarAsync<bool>("SELECT due_at <= now() FROM reminders.outbox WHERE id = $1", held.Id));
        Assert.Equal(
            "api:ops channel telegram waiting asked Telegram says it was a mistake",
            await node.ScalarAsync<string>(
                """
                SELECT actor || ' ' || about || ' ' || (before ->> 'state') || ' ' || (after ->> 'state') || ' ' || reason
                    FROM reminders.audit WHERE action = 'channel.resume'
                """
            )
        );
    }

    [Theory]
    [InlineData("1001")]
    [InlineData("anna")]
    public async Task A_recipients_wait_is_lifted_by_their_address_or_reference_and_nobody_elses(string recipient)
    {
        await using var node = await WebNode.StartAsync(postgres);
        await node.ScalarAsync<long>(
            """
            WITH person AS (INSERT INTO reminders.recipient (reference, name, locale, zone) VALUES ('anna', 'Anna', 'en', 'UTC')
                RETURNING id)
            INSERT INTO reminders.address (recipient_id, channel, address) SELECT id, 'telegram', '1001' FROM person RETURNING recipient_id
            """
        );
        await node.ScalarAsync<string>(
            """
            INSERT INTO reminders.throttle (channel, address, next_at, reason) VALUES
                ('telegram', '1001', now() + interval '1 hour', '429'), ('telegram', '1002', now() + interval '30 minutes', '429'),
                ('telegram', '1003', now() + interval '1 minute', NULL)
            RETURNING address
            """
        );
        Assert.Equal(
            ["1001", "1002"],
            (await ChannelAsync(node, "telegram"))["pausedRecipients"]!.AsArray().Select(one => (string)one!["address"]!)
        );
        var resume = $$"""{"recipient":"{{recipient}}","reason":"Anna asked"}""";
        var reply = await node.PostAsync("/api/channels/telegram/resume", resume, node.Operator);
        Assert.Equal("1002", (string)Assert.Single(reply.Json["pausedRecipients"]!.AsArray())!["address"]!);
        Assert.Equal(200, (await node.PostAsync("/api/channels/telegram/resume", resume, node.Operator)).Status);
        Assert.Equal(
            1L,
            await node.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE about LIKE 'channel telegram, recipient %'")
        );
        // Everybody's, in one go.
        Assert.Empty((await node.PostAsync("/api/channels/telegram/resume", Why, node.Operator)).Json["pausedRecipients"]!.AsArray());
    }

    [Fact]
    public async Task A_channel_stopped_by_hand_sends_nothing_until_it_is_resumed()
    {
        await using var telegram = await Lab.Telegram.TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true });
        await using var node = await WebNode.StartAsync(
            postgres,
            null,
            ("Telegram:BotToken", telegram.Token),
            ("Telegram:ApiBaseUrl", telegram.BaseAddress.ToString())
        );
        Assert.Equal(
            "stopped",
            (string)
                (await node.PostAsync("/api/channels/telegram/pause", """{"reason":"The text is wrong"}""", node.Operator)).Json["state"]!
        );
        var booked = await node.PostAsync("/api/bookings", WebNode.Booking(startsIn: TimeSpan.FromMinutes(115)));
        await node.PostAsync($"/api/bookings/{booked.Json["id"]}/approve");
        await Eventually.TrueAsync(
            () => node.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.outbox WHERE state = 'pending')"),
            TimeSpan.FromSeconds(20),
            "fired"
        );
        Assert.Contains(
            "stopped by hand",
            (string)(await node.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!["description"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(0, telegram.Record.MessageCount);
        Assert.Contains(
            "The text is wrong (api:ops)",
            Assert.Single(await ChannelChecks.LookAsync(new(node.Database), default)).Says(),
            StringComparison.Ordinal
        );
        Assert.Equal("open", (string)(await node.PostAsync("/api/channels/telegram/resume", Why, node.Operator)).Json["state"]!);
        await telegram.Record.WaitForAsync(record => record.MessageCount == 1, TimeSpan.FromSeconds(60));
        Assert.Equal(2L, await node.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE about = 'channel telegram'"));
    }

    [Fact]
    public async Task A_channel_that_rests_says_since_when_why_and_until_when_on_every_surface()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await node.ScalarAsync<string>(
            """
            INSERT INTO reminders.channel (name, doubts, doubts_since, rests_since, paused_until, pause_reason)
            VALUES ('email', 5, '2026-11-25T14:03:10Z', now(), now() + interval '1 hour', 'after the final dot: no answer within 10 s') RETURNING name
            """
        );
        Assert.Equal("resting", (string)(await ChannelAsync(node, "email"))["state"]!);
        var finding = Assert.Single(await ChannelChecks.LookAsync(new(node.Database), default));
        Assert.Equal(Health.Bad, finding.Health);
        Assert.StartsWith(
            "email has not answered since 2026-11-25 14:03:10Z and rests: after the final dot: no answer within 10 s. It is tried next at ",
            finding.Says(),
            StringComparison.Ordinal
        );
        Assert.EndsWith(" 0 messages wait.", finding.Says(), StringComparison.Ordinal);
        Assert.Contains(
            "email has not answered since 2026-11-25 14:03:10Z and rests, tried next at",
            (string)(await node.GetAsync("/health/ready", "")).Json["checks"]!["channels"]!["description"]!,
            StringComparison.Ordinal
        );
        Assert.Contains("It is tried at once", Assert.IsType<string>(await ResumedDoctorAsync(node)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resume", """{"reason":""}""", "reason")]
    [InlineData("resume", """{"recipient":" ","reason":"r"}""", "recipient")]
    [InlineData("pause", "{}", "reason")]
    public async Task Nothing_is_lifted_or_stopped_without_a_reason(string action, string body, string field)
    {
        await using var node = await WebNode.StartAsync(postgres);
        Assert.Equal([field], (await node.PostAsync($"/api/channels/telegram/{action}", body, node.Operator)).WrongFields());
        (await node.PostAsync($"/api/channels/telegraph/{action}", Why, node.Operator)).Problem(404);
        (await node.PostAsync($"/api/channels/telegram/{action}", Why, node.Recruiter)).Problem(403);
        (await node.GetAsync("/api/channels", node.Recruiter)).Problem(403);
    }

    [Fact]
    public async Task What_an_outage_left_in_doubt_is_one_incident_and_is_sent_again_as_one_each_judged_by_itself()
    {
        await using var node = await WebNode.StartAsync(postgres);
        var before = await HeldMessage.CreateAsync(node);
        var incident = await OutageAsync(node);
        var held = new List<HeldMessage>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await HeldMessage.CreateAsync(node));
        }

        await node.ScalarAsync<long>("UPDATE reminders.incident SET ended_at = clock_timestamp() RETURNING id");
        var after = await HeldMessage.CreateAsync(node);
        await node.PostAsync($"/api/bookings/{held[0].Booking}/cancel");

        var listed = Assert.Single((await node.GetAsync("/api/channels", node.Operator)).Json["incidents"]!.AsArray())!;
        Assert.Equal(
            (incident, 3, "the server failed: HTTP 502"),
            ((long)listed["id"]!, (int)listed["inDoubt"]!, (string)listed["reason"]!)
        );
        var finding = Assert.Single(await ChannelChecks.LookAsync(new(node.Database), default));
        var says = finding.Says();
        Assert.StartsWith("channel telegram: 3 messages in doubt since ", says, StringComparison.Ordinal);
        Assert.EndsWith(", the server failed: HTTP 502.", says, StringComparison.Ordinal);
        Assert.StartsWith($"reminders outbox resend --incident {incident} ", finding.Fix!.Command, StringComparison.Ordinal);

        var counted = (
            await node.PostAsync("/api/outbox/resend", $$"""{"incident":{{incident}},"dryRun":true,"reason":"r"}""", node.Operator)
        ).Json;
        Assert.Equal((3, 0, true), ((int)counted["matching"]!, counted["done"]!.AsArray().Count, (bool)counted["dryRun"]!));
        var resend = $$"""{"incident":{{incident}},"reason":"Telegram took nothing"}""";
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => node.PostAsync("/api/outbox/resend", resend, node.Operator)));
        Assert.Equal(2, replies.Sum(reply => reply.Json["done"]!.AsArray().Count));
        Assert.Contains("not wanted", (string)replies[0].Json["refused"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(["uncertain", "dead", "dead"], await Task.WhenAll(held.Select(one => one.StateAsync(node))));
        var sends = await Task.WhenAll(held.Select(one => one.SendsAsync(node)));
        Assert.Equal([1L, 2L, 2L], sends);
        var audited = await Task.WhenAll(held.Select(one => one.AuditedAsync(node)));
        Assert.Equal([0L, 1L, 1L], audited);
        Assert.Equal(("uncertain", "uncertain"), (await before.StateAsync(node), await after.StateAsync(node)));
        Assert.Equal(
            1L,
            await node.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.audit WHERE action = 'outbox.resend' AND about = $1 AND actor = 'api:ops'",
                $"incident {incident}"
            )
        );
    }

    [Theory]
    [InlineData(true, "sent")]
    [InlineData(false, "dead")]
    public async Task What_is_in_doubt_is_settled_by_channel_and_time(bool delivered, string state)
    {
        await using var node = await WebNode.StartAsync(postgres);
        var early = await HeldMessage.CreateAsync(node);
        await node.ScalarAsync<long>(
            "UPDATE reminders.outbox SET send_started_at = now() - interval '1 hour' WHERE id = $1 RETURNING id",
            early.Id
        );
        var held = await HeldMessage.CreateAsync(node);
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var settle = $$"""{"channel":"telegram","since":"{{since:O}}","delivered":{{(delivered ? "true" : "false")}},"reason":"Asked"}""";
        var reply = (await node.PostAsync("/api/outbox/settle", settle, node.Operator)).Json;
        Assert.Equal(held.Id, (long)Assert.Single(reply["done"]!.AsArray())!["messageId"]!);
        Assert.Equal((state, "uncertain"), (await held.StateAsync(node), await early.StateAsync(node)));
        Assert.Equal(1L, await held.AuditedAsync(node));
    }

    [Theory]
    [InlineData("resend", Why, "channel")]
    [InlineData("resend", """{"channel":"telegram"}""", "reason")]
    [InlineData("settle", """{"channel":"telegram","reason":"r"}""", "delivered")]
    [InlineData("settle", """{"delivered":true,"since":"2026-11-25T14:03:10Z","until":"2026-11-25T14:03:00Z","reason":"r"}""", "until")]
    [InlineData("resend", """{"since":"yesterday","reason":"r"}""", "since")]
    public async Task A_decision_over_many_needs_a_filter_and_a_reason(string action, string body, string field)
    {
        await using var node = await WebNode.StartAsync(postgres);
        Assert.Equal([field], (await node.PostAsync($"/api/outbox/{action}", body, node.Operator)).WrongFields());
        (await node.PostAsync("/api/outbox/resend", """{"incident":77,"reason":"r"}""", node.Operator)).Problem(404);
        (await node.PostAsync($"/api/outbox/{action}", body, node.Recruiter)).Problem(403);
    }

    private static async Task<long> OutageAsync(WebNode node) =>
        await node.ScalarAsync<long>(
            """
            INSERT INTO reminders.incident (channel, began_at, reason) VALUES ('telegram', clock_timestamp(),
                'the server failed: HTTP 502') RETURNING id
            """
        );

    private static async Task<string> ResumedDoctorAsync(WebNode node)
    {
        Assert.Equal(200, (await node.PostAsync("/api/channels/email/resume", Why, node.Operator)).Status);
        return Assert.Single(await ChannelChecks.LookAsync(new(node.Database), default)).Says();
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> ChannelAsync(WebNode node, string name) =>
        (await node.GetAsync("/api/channels", node.Operator)).Json["items"]!
            .AsArray()
            .Single(channel => (string)channel!["name"]! == name)!;
}
