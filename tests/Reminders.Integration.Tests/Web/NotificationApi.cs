using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Web;

/// <summary>The one entrance, people and groups over HTTP.</summary>
public sealed class NotificationApi(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    [Fact]
    public async Task Each_recipient_has_an_answer_with_the_row_and_the_rule()
    {
        await KeepAsync("u1", "u2");
        const string Body =
            """{"kind":"CUSTOMER_CREATED","subject":"c-1","recipients":["u1","u2","nobody"],"data":{"customer":"Example Ltd"}}""";
        var first = (await _node.PostAsync("/api/notifications", Body)).Json;
        Assert.Equal((2, 0, 1), ((int)first["planned"]!, (int)first["suppressed"]!, (int)first["refused"]!));
        var again = (await _node.PostAsync("/api/notifications", Body)).Json;
        Assert.Equal((0, 2, 1), ((int)again["planned"]!, (int)again["suppressed"]!, (int)again["refused"]!));
        var lines = again["recipients"]!.AsArray();
        Assert.Equal(["suppressed", "suppressed", "refused"], lines.Select(line => (string)line!["result"]!));
        Assert.Equal((long)first["recipients"]![0]!["occurrence"]!, (long)lines[0]!["occurrence"]!);
        Assert.Contains("told once, ever", (string)lines[0]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("no such recipient", (string)lines[2]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_gives_the_first_answer_and_another_body_is_422()
    {
        await KeepAsync("k1");
        const string Body = """{"kind":"CUSTOMER_CREATED","subject":"c-key","recipients":["k1"],"data":{"customer":"Example Ltd"}}""";
        var first = await _node.PostAsync("/api/notifications", Body, idempotencyKey: "notify-1");
        var again = await _node.PostAsync("/api/notifications", Body, idempotencyKey: "notify-1");
        Assert.Equal(1, (int)again.Json["planned"]!);
        Assert.True(JsonNode.DeepEquals(first.Json, again.Json));
        (
            await _node.PostAsync(
                "/api/notifications",
                Body.Replace("c-key", "c-other", StringComparison.Ordinal),
                idempotencyKey: "notify-1"
            )
        ).Problem(422);
    }

    [Theory]
    [InlineData("""{}""", "kind", "recipients", "subject")]
    [InlineData("""{"kind":"CONFIRM_2H","subject":"s","recipients":["u1"]}""", "kind")]
    [InlineData(
        """{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["u1"],"data":{"customer":7,"colour":"red"}}""",
        "data.colour",
        "data.customer"
    )]
    [InlineData("""{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["u1"]}""", "data.customer")]
    [InlineData("""{"kind":"CUSTOMER_CREATED","subject":"s","version":2,"recipients":["u1"],"data":{"customer":"x"}}""", "version")]
    [InlineData(
        """{"kind":"TICKET_ASSIGNED","subject":"s","version":9007199254740993,"recipients":["u1"],"data":{"title":"x","by":"y"}}""",
        "version"
    )]
    [InlineData(
        """{"kind":"TICKET_ASSIGNED","subject":"s","version":99999999999999999999,"recipients":["u1"],"data":{"title":"x","by":"y"}}""",
        "version"
    )]
    [InlineData("""{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["u1"],"group":"sales","data":{"customer":"x"}}""", "recipients")]
    [InlineData("""{"kind":"CUSTOMER_CREATED","subject":"s","recipients":[],"data":{"customer":"x"}}""", "recipients")]
    [InlineData(
        """{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["u1"],"data":{"customer":"x"},"due":"2020-01-01T00:00:00Z"}""",
        "due"
    )]
    [InlineData(
        """{"kind":"CUSTOMER_CREATED","subject":"s","recipients":["u1"],"data":{"customer":"x"},"due":"2090-01-01T00:00:00Z","delaySeconds":-1}""",
        "delaySeconds",
        "due"
    )]
    [InlineData(
        """{"kind":"CUSTOMER_CREATED","subject":"s\u0000","recipients":["u1\u0000"],"data":{"customer":"x\u0000"}}""",
        "data.customer",
        "recipients[0]",
        "subject"
    )]
    [InlineData("""{"kind":"CUSTOMER_CREATED","subject":"s","recipients":"u1","colour":1,"data":[]}""", "colour", "data", "recipients")]
    public async Task Every_wrong_field_is_named_at_once(string body, params string[] fields) =>
        Assert.Equal(fields, (await _node.PostAsync("/api/notifications", body)).WrongFields());

    [Fact]
    public async Task A_subject_is_closed_by_type_and_id()
    {
        await KeepAsync("d1");
        await _node.PostAsync(
            "/api/notifications",
            """{"kind":"CUSTOMER_CREATED","subject":"c-closed","recipients":["d1"],"data":{"customer":"x"},"delaySeconds":3600}"""
        );
        var closed = await _node.SendAsync(HttpMethod.Delete, "/api/notifications?type=customer&subject=c-closed", null);
        Assert.Equal(1, (int)closed.Json["cancelled"]!);
        (await _node.SendAsync(HttpMethod.Delete, "/api/notifications?type=customer&subject=nothing", null)).Problem(404);
        Assert.Equal(
            ["subject", "type"],
            (await _node.SendAsync(HttpMethod.Delete, "/api/notifications?type=booking", null)).WrongFields()
        );
    }

    [Fact]
    public async Task What_happened_to_a_subject_is_explained_with_the_rows_and_rules_that_decided()
    {
        await KeepAsync("x1");
        await PutAsync("/api/recipients", """{"recipients":[{"reference":"x2","name":"Xaver","preferences":[{"wanted":false}]}]}""");
        const string Body =
            """{"kind":"CUSTOMER_CREATED","subject":"c-explained","recipients":["x1","x2"],"data":{"customer":"Example Ltd"}}""";
        await _node.PostAsync("/api/notifications", Body);
        await _node.PostAsync("/api/notifications", Body);
        JsonArray stories = [];
        await Eventually.TrueAsync(
            async () =>
            {
                stories = (await _node.GetAsync("/api/notifications/explain?type=customer&subject=c-explained")).Json[
                    "reminders"
                ]!.AsArray();
                return stories.All(story => (string)story!["state"]! is "fired" or "skipped");
            },
            TimeSpan.FromSeconds(20),
            "everything fired"
        );
        Assert.Equal(
            ["Xaver was not told: the recipient does not want it.", "x1 was told on inbox."],
            stories.Select(story => (string)story!["summary"]!).Order(StringComparer.Ordinal)
        );
        var told = Assert.Single(stories, story => (string)story!["recipient"]! == "x1")!;
        var suppressed = Assert.Single(told["events"]!.AsArray(), one => (string)one!["step"]! == "suppressed")!;
        Assert.Equal(("told once, ever", (long)told["id"]!), ((string)suppressed["rule"]!, (long)suppressed["decidedBy"]!));
        Assert.Contains(told["events"]!.AsArray(), one => ((string)one!["text"]!).Contains("put into the inbox", StringComparison.Ordinal));
        (await _node.GetAsync("/api/notifications/explain?type=customer&subject=nothing")).Problem(404);
        Assert.Equal(["subject", "type"], (await _node.GetAsync("/api/notifications/explain")).WrongFields());
    }

    [Fact]
    public async Task People_are_kept_and_shown_and_what_is_left_out_stays()
    {
        await PutAsync(
            "/api/recipients",
            """
            {"recipients":[{"reference":"p1","name":"Anna","locale":"ru","zone":"Europe/Moscow","quietHours":{"from":"22:00","to":"08:00"},
              "addresses":{"email":"anna@example.com","whatsapp":"+49 151 234-56789"},"preferences":[{"channel":"whatsapp","wanted":false}]}]}
            """
        );
        Assert.Equal(
            200,
            (
                await PutAsync(
                    "/api/recipients",
                    """{"recipients":[{"reference":"p1","name":"Anna Petrova","addresses":{"email":"anna@example.org"}}]}"""
                )
            ).Status
        );
        await PutAsync("/api/groups/sales", """{"members":["p1"]}""");
        var person = (await _node.GetAsync("/api/recipients/p1")).Json;
        Assert.Equal(
            ("Anna Petrova", "ru", "Europe/Moscow"),
            ((string)person["name"]!, (string)person["locale"]!, (string)person["zone"]!)
        );
        Assert.Equal("22:00:00", (string)person["quietHours"]!["from"]!);
        Assert.Equal(
            ["email anna@example.org", "whatsapp 4915123456789"],
            person["addresses"]!.AsArray().Select(one => $"{one!["channel"]} {one["address"]}")
        );
        Assert.False((bool)Assert.Single(person["preferences"]!.AsArray())!["wanted"]!);
        Assert.Equal("sales", (string)Assert.Single(person["groups"]!.AsArray())!);
        (await _node.GetAsync("/api/recipients/nobody")).Problem(404);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_bulk_of_people_is_named()
    {
        var reply = await PutAsync(
            "/api/recipients",
            """
            {"recipients":[{"reference":"b1","name":"B","zone":"Mars/Olympus","addresses":{"email":"no at","telegram":"-5","pigeon":"x"}},
              {"reference":"b1"},{"reference":"b2","name":"B","preferences":[{"kind":"X"}]}]}
            """
        );
        Assert.Equal(
            [
                "recipients[0].addresses",
                "recipients[0].addresses.email",
                "recipients[0].addresses.telegram",
                "recipients[0].zone",
                "recipients[1].name",
                "recipients[1].reference",
                "recipients[2].preferences",
            ],
            reply.WrongFields()
        );
        Assert.Equal(0, await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE reference LIKE 'b_'"));
    }

    [Fact]
    public async Task Looking_at_the_unsubscribe_link_changes_nothing_and_its_button_does()
    {
        await PutAsync("/api/recipients", """{"recipients":[{"reference":"e1","name":"Eva","addresses":{"email":"eva@example.com"}}]}""");
        var path =
            "/unsubscribe/" + await _node.ScalarAsync<string>("SELECT unsubscribe_code FROM reminders.recipient WHERE reference = 'e1'");
        var page = await _node.GetAsync(path, key: "");
        Assert.Equal((200, "text/html"), (page.Status, page.ContentType));
        Assert.Equal("reachable", await StateAsync());
        Assert.Equal(200, (await _node.PostAsync(path, key: "")).Status);
        Assert.Equal("opted_out", await StateAsync());
        Assert.Equal(200, (await _node.PostAsync(path + "/again", key: "")).Status);
        Assert.Equal("reachable", await StateAsync());
        Assert.Equal(404, (await _node.PostAsync("/unsubscribe/guess", key: "")).Status);

        Task<string> StateAsync() =>
            _node.ScalarAsync<string>(
                "SELECT a.state FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id WHERE "
                    + "r.reference = 'e1' AND a.channel = 'email'"
            );
    }

    private Task<Reply> PutAsync(string path, string json) => _node.SendAsync(HttpMethod.Put, path, json);

    private async Task KeepAsync(params string[] references)
    {
        var people = new JsonObject
        {
            ["recipients"] = new JsonArray([.. references.Select(one => new JsonObject { ["reference"] = one, ["name"] = one })]),
        };
        Assert.Equal(200, (await PutAsync("/api/recipients", people.ToJsonString())).Status);
    }
}
