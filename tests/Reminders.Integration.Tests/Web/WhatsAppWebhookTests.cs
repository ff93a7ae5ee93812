using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Web;

/// <summary>Incident 3 at the door: what Meta posts twice is stored once, and only what Meta posts is stored at all.</summary>
public sealed class WhatsAppWebhookTests(Postgres postgres) : IAsyncLifetime
{
    private static readonly WhatsAppSimulatorOptions Meta = new();

    private WebNode _node = null!;

    public async ValueTask InitializeAsync() =>
        _node = await WebNode.StartAsync(postgres, null, [.. WhatsAppNodes.SettingsFor(new("http://127.0.0.1:1/v23.0"))]);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_same_wamid_a_hundred_times_at_once_on_two_nodes_is_stored_once_and_has_one_effect()
    {
        await using var second = await _node.StartAnotherAsync([.. WhatsAppNodes.SettingsFor(new("http://127.0.0.1:1/v23.0"))]);
        var body = Body(Message("wamid.ONE"));
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => Task.Run(() => DeliverAsync(body, to: i % 2 == 0 ? _node : second)))
        );
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal("1 99", await _node.ScalarAsync<string>("SELECT count(*) || ' ' || sum(repeats) FROM reminders.inbound_update"));
        await Eventually.TrueAsync(
            () =>
                _node.ScalarAsync<bool>(
                    "SELECT bool_and(state = 'handled' AND effect = 'a text: nothing open' AND handled_by IS NOT NULL AND "
                        + "attempts = 0) FROM reminders.inbound_update"
                ),
            WhatsAppNodes.Patience,
            "it is handled"
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"id\":\"\",")]
    [InlineData("\"id\":\"  \",")]
    [InlineData("\"id\":null,")]
    [InlineData("\"id\":17,")]
    [InlineData("\"id\":\"wamid.\\u0000\",")]
    public async Task Without_a_usable_id_it_is_refused_counted_and_not_stored(string id)
    {
        var refused = 0L;
        using var listener = CountRefused(count => Interlocked.Add(ref refused, count));
        Assert.Equal(
            ["messages.id"],
            (await DeliverAsync(Body($$$"""{{{{id}}}"from":"79990001001","type":"text","text":{"body":"hi"}}"""))).WrongFields()
        );
        Assert.Equal(
            ["statuses.id"],
            (await DeliverAsync(Body($$$"""{{{{id}}}"status":"read","recipient_id":"79990001001"}""", "statuses"))).WrongFields()
        );
        Assert.Equal(2, Interlocked.Read(ref refused));
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task One_without_an_id_does_not_hold_up_the_others_of_its_body()
    {
        Assert.Equal(200, (await DeliverAsync(Body($"{Message("wamid.A")},{Message("")},{Message("wamid.B")}"))).Status);
        Assert.Equal(
            ["wamid.A", "wamid.B"],
            await _node.ScalarAsync<string[]>("SELECT array_agg(provider_id ORDER BY seq) FROM reminders.inbound_update")
        );
    }

    [Fact]
    public async Task Each_status_of_a_message_is_stored_once_by_its_name()
    {
        const string Read = """{"id":"wamid.A","status":"read","recipient_id":"1"}""",
            Sent = """{"id":"wamid.A","status":"sent","recipient_id":"1"}""";
        Assert.Equal(200, (await DeliverAsync(Body($"{Read},{Sent},{Read}", "statuses"))).Status);
        Assert.Equal(
            ["wamid.A:read", "wamid.A:sent"],
            await _node.ScalarAsync<string[]>("SELECT array_agg(provider_id ORDER BY provider_id) FROM reminders.inbound_update")
        );
    }

    [Fact]
    public async Task What_is_not_signed_by_Meta_is_a_401_and_not_stored()
    {
        var body = Body(Message("wamid.FORGED"));
        var right = Sign(body, Meta.AppSecret);
        foreach (
            var signature in (string?[])
                [
                    null,
                    "",
                    "sha256=",
                    right[7..],
                    "sha1=" + right[7..],
                    Sign(body, "another secret"),
                    Sign(body + " ", Meta.AppSecret),
                    right + "00",
                    right[..^1] + "g",
                ]
        )
        {
            (await DeliverAsync(body, signature: signature ?? "none")).Problem(401);
        }

        Assert.Equal(0, await StoredAsync());
        Assert.Equal(200, (await DeliverAsync(body, signature: right)).Status);
    }

    [Fact]
    public async Task What_is_for_another_number_of_the_same_app_is_passed_over()
    {
        Assert.Equal(
            200,
            (await DeliverAsync(Body(Message("wamid.A")).Replace(Meta.PhoneNumberId, "1777000", StringComparison.Ordinal))).Status
        );
        Assert.Equal(200, (await DeliverAsync("""{"object":"page","entry":[{"changes":[{"value":17},{}]},3]}""")).Status);
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task What_is_no_JSON_is_a_400_and_what_is_too_long_a_413()
    {
        Assert.Equal(["body"], (await DeliverAsync("<html>")).WrongFields());
        (await DeliverAsync(new string(' ', 4 * 1024 * 1024 + 1))).Problem(413);
    }

    [Fact]
    public async Task Meta_verifies_the_webhook_by_the_word_agreed_on()
    {
        var right = $"/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={Meta.VerifyToken}";
        var answer = await _node.GetAsync(right, key: "");
        Assert.Equal((200, "text/plain", "1158201444"), (answer.Status, answer.ContentType, answer.Text));
        (await _node.GetAsync(right + "x", key: "")).Problem(403);
        (await _node.GetAsync("/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1", key: "")).Problem(403);
        (await _node.GetAsync(right.Replace("subscribe", "unsubscribe", StringComparison.Ordinal), key: "")).Problem(403);
    }

    [Fact]
    public async Task Where_WhatsApp_is_not_set_up_there_is_no_webhook()
    {
        await using var without = await WebNode.StartAsync(postgres);
        (await DeliverAsync(Body(Message("wamid.A")), to: without)).Problem(404);
    }

    private static string Message(string id) =>
        $$$"""{"from":"79990001001","id":"{{{id}}}","timestamp":"1760000000","type":"text","text":{"body":"hi"}}""";

    private static string Body(string items, string list = "messages") =>
        $$$"""
            {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{
             "messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001234","phone_number_id":"{{{Meta.PhoneNumberId}}}"},"{{{list}}}":[{{{items}}}]}}]}]}
            """;

    private static string Sign(string body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private Task<long> StoredAsync() => _node.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update");

    private async Task<Reply> DeliverAsync(string body, string? signature = null, WebNode? to = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/whatsapp")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (signature != "none")
        {
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature ?? Sign(body, Meta.AppSecret));
        }

        return await (to ?? _node).SendAsync(request);
    }

    // Of this node only: other tests' nodes count as well.
    private MeterListener CountRefused(Action<long> count)
    {
        var ours = _node.Engine.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "reminders.inbound.received" && instrument.Meter.Scope == ours)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
            {
                if (tags.ToArray().Contains(new("outcome", "refused")))
                {
                    count(value);
                }
            }
        );
        listener.Start();
        return listener;
    }
}
