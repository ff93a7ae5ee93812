using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Mail;
using Reminders.Lab.WhatsApp;

namespace Reminders.Integration.Tests.Samples;

/// <summary>samples/TicketDesk, on two nodes (incident 5): its own API, the engine's inbox at its root.</summary>
public sealed class TicketDeskSample(Postgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string _connectionString = "";
    private MailSink _mail = null!;
    private WhatsAppSimulator _whatsApp = null!;
    private DeskNode _first = null!;
    private DeskNode _second = null!;
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync();
        _mail = await MailSink.StartAsync(new());
        _whatsApp = await WhatsAppSimulator.StartAsync(new() { EnforceWindow = false, EnforceLimits = false });
        (string, string?)[] providers =
        [
            ("Reminders:Email:Host", "127.0.0.1"),
            ("Reminders:Email:Port", _mail.Port.ToString(CultureInfo.InvariantCulture)),
            ("Reminders:Email:From", "desk@desk.example.com"),
            .. _whatsApp.SenderSettings.Select(setting => ($"Reminders:WhatsApp:{setting.Key}", (string?)setting.Value)),
        ];
        _first = await DeskNode.StartAsync(_connectionString, "desk-1", providers);
        _second = await DeskNode.StartAsync(_connectionString, "desk-2", providers);
        await _whatsApp.SetWebhookAsync([
            .. new[] { _first, _second }.Select(node => new Uri(node.Http.BaseAddress!, "webhooks/whatsapp")),
        ]);
        _database = NpgsqlDataSource.Create(_connectionString);
        foreach (var person in (string[])["rita", "anna", "boris", "clara"])
        {
            await _first.KeepAsync(person);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _whatsApp.DisposeAsync();
        await _mail.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task Assigned_by_many_at_once_each_is_told_once_and_the_same_again_tells_nobody()
    {
        var ticket = await _first.OpenAsync("rita");
        await AssignAsync(ticket, """["anna","boris"]""");
        Assert.Equal("anna 1,boris 1", await ToldAsync());
        await AssignAsync(ticket, """["boris","clara","anna"]""");
        Assert.Equal("anna 1,boris 1,clara 1", await ToldAsync());
        // Taken off, and put on again: newly assigned.
        await AssignAsync(ticket, """["boris"]""");
        await AssignAsync(ticket, """["boris","anna"]""");
        Assert.Equal("anna 2,boris 1,clara 1", await ToldAsync());
    }

    [Fact]
    public async Task Each_thing_that_happens_is_one_notification_for_whom_it_concerns_but_the_one_who_did_it()
    {
        var ticket = await _first.OpenAsync("rita");
        await AssignAsync(ticket, """["anna"]""");
        await ManyAsync(ticket, "anna", "open");
        await ManyAsync(ticket, "anna", "start");
        await _first.PostAsync("anna", $"/api/tickets/{ticket}/add_comment/", """{"comment":"The fuser is worn."}""");
        await ManyAsync(ticket, "anna", "finish_work");
        await ManyAsync(ticket, "rita", "reject", """{"reason":"It still does not print."}""");
        await ManyAsync(ticket, "anna", "status", """{"status":"in_progress"}""");
        await ManyAsync(ticket, "anna", "finish_work");
        await ManyAsync(ticket, "rita", "approve");
        Assert.Equal("anna 3,rita 6", await ToldAsync());

        var list = (await _second.GetAsync("rita", "/api/notifications/")).Json!["results"]!.AsArray();
        Assert.Equal(
            [
                "anna finished \"Printer\".",
                "anna set \"Printer\" to in_progress.",
                "anna finished \"Printer\".",
                "anna on \"Printer\": The fuser is worn.",
                "anna started to work on \"Printer\".",
                "anna opened \"Printer\".",
            ],
            list.Select(item => (string?)item!["message"])
        );
        var back = await _first.PostAsync("anna", $"/api/tickets/{ticket}/start/");
        Assert.Equal((409, "The ticket is approved, and cannot become in_progress."), (back.Status, (string?)back.Json!["detail"]));
    }

    /// <summary>Each is an event of its own: two that took the same number would be one, and the other would be told to nobody.</summary>
    [Fact]
    public async Task Comments_at_the_same_instant_are_a_notification_each()
    {
        var ticket = await _first.OpenAsync("anna");
        var said = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(n =>
                    (n % 2 == 0 ? _first : _second).PostAsync("rita", $"/api/tickets/{ticket}/add_comment/", $$"""{"comment":"{{n}}"}""")
                )
        );
        Assert.All(said, one => Assert.Equal(200, one.Status));
        Assert.Equal("anna 20", await ToldAsync());
    }

    [Fact]
    public async Task What_is_wrong_is_named_field_by_field_with_its_value_and_changes_and_tells_nothing()
    {
        var now = TimeProvider.System.GetUtcNow();
        var ticket = await _first.OpenAsync("rita");
        await AssertWrongAsync(
            "/api/tickets/",
            $$"""{"title":" ","assignees":["nobody"],"resolution_due":"{{now.AddMinutes(29):O}}","estimate_due":"{{now.AddMinutes(14):O}}"}""",
            ("title", "title is '', which has 0 characters: 1 to 200 are needed."),
            ("resolution_due", "it must be at least 30 minutes ahead"),
            ("estimate_due", "it must be at least 15 minutes ahead"),
            ("assignees", "assignees has 'nobody', who is no colleague.")
        );
        await AssertWrongAsync(
            "/api/tickets/",
            $$"""{"title":"a\u0007b","resolution_due":"{{now.AddDays(366):O}}","estimate_due":"{{now.AddMinutes(-1):O}}"}""",
            ("title", "U+0007"),
            ("resolution_due", "more than a year ahead"),
            ("estimate_due", "in the past")
        );
        await AssertWrongAsync(
            "/api/tickets/",
            """{"title":"Printer","resolution_due":"2027-03-01T12:00:00","estimate_due":"tomorrow"}""",
            ("resolution_due", "is '2027-03-01T12:00:00'"),
            ("estimate_due", "is 'tomorrow'")
        );
        await AssertWrongAsync("/api/tickets/", """{"title":7}""", ("title", "another type"));
        await AssertWrongAsync($"/api/tickets/{ticket}/reject/", """{"reason":" 123456789 "}""", ("reason", "is '123456789', which has 9"));
        await AssertWrongAsync($"/api/tickets/{ticket}/add_comment/", "{}", ("comment", "1 to 2000 are needed"));
        await AssertWrongAsync(
            $"/api/tickets/{ticket}/status/",
            """{"status":"lost"}""",
            ("status", "is 'lost': it should be created, open")
        );
        Assert.Equal(404, (await _first.PostAsync("rita", "/api/tickets/4711/start/")).Status);
        Assert.Equal(401, (await _first.SendAsync(null, HttpMethod.Post, $"/api/tickets/{ticket}/start/")).Status);
        Assert.Equal("", await ToldAsync());
    }

    [Fact]
    public async Task Due_times_fit_each_other_also_when_one_of_them_was_set_before()
    {
        var now = TimeProvider.System.GetUtcNow();
        var path = $"/api/tickets/{await _first.OpenAsync("rita")}/";
        var set = await _first.SendAsync("rita", HttpMethod.Patch, path, $$"""{"resolution_due":"{{now.AddMinutes(40):O}}"}""");
        Assert.Equal(200, set.Status);
        var late = await _first.SendAsync("rita", HttpMethod.Patch, path, $$"""{"estimate_due":"{{now.AddMinutes(41):O}}"}""");
        Assert.Equal(400, late.Status);
        Assert.Contains("after resolution_due", (string?)late.Json!["errors"]!["estimate_due"]![0], StringComparison.Ordinal);
        Assert.Null((await _first.GetAsync("rita", path)).Json!["estimate_due"]);
        var fits = await _first.SendAsync("rita", HttpMethod.Patch, path, $$"""{"estimate_due":"{{now.AddMinutes(40):O}}"}""");
        Assert.Equal(200, fits.Status);
    }

    [Fact]
    public async Task Each_person_hears_in_the_way_they_want_and_all_of_it_is_in_the_inbox()
    {
        await _first.KeepAsync("anna", """,  "email":"anna@desk.example.com","notification_type":"EMAIL" """);
        await _first.KeepAsync("boris", """,  "email":"boris@desk.example.com" """);
        var wrong = await _first.SendAsync("rita", HttpMethod.Put, "/api/people/clara/", """{"name":"clara","notification_type":"SMS"}""");
        Assert.Equal(
            "notification_type is 'SMS': it should be SYSTEM, EMAIL, WHATSAPP.",
            (string?)wrong.Json!["errors"]!["notification_type"]![0]
        );
        var address = await _first.SendAsync("rita", HttpMethod.Put, "/api/people/clara/", """{"name":"clara","email":"no address"}""");
        Assert.Equal(400, address.Status);
        Assert.Contains("no address", address.Json!["errors"]!.ToJsonString(), StringComparison.Ordinal);

        var ticket = await _first.OpenAsync("rita");
        await AssignAsync(ticket, """["anna","boris"]""");
        await _mail.Record.WaitForAsync(record => record.MailCount == 1, Patience, Stop);
        Assert.Equal("Ticket: Printer", Assert.Single(_mail.Record.MailsTo("anna@desk.example.com")).Subject);
        Assert.Equal("anna 1,boris 1", await ToldAsync());
        Assert.Equal("EMAIL", (string?)(await _second.GetAsync("anna", "/api/notifications/")).Json!["results"]![0]!["notification_type"]);
        var counts = (await _second.GetAsync("boris", "/api/notifications/unread_count/")).Json!;
        Assert.Equal("""{"total":1,"by_type":{"SYSTEM":1}}""", counts.ToJsonString());
        Assert.Equal(1, _mail.Record.MailCount);
    }

    /// <summary>Each webhook is posted twice, to either node in turn.</summary>
    [Fact]
    public async Task Over_WhatsApp_each_hears_once_and_what_turns_out_not_to_arrive_is_known_to_have_failed()
    {
        await _first.KeepAsync("anna", """,  "phone":"+49 151 00000001","notification_type":"WHATSAPP" """);
        await _second.KeepAsync("boris", """,  "phone":"+49 151 00000002","notification_type":"WHATSAPP" """);
        _whatsApp.FailLater("4915100000002", 131026);
        await AssignAsync(await _first.OpenAsync("rita"), """["anna","boris"]""");
        await Eventually.TrueAsync(
            async () =>
                await ScalarAsync<string>(
                    """
                    SELECT coalesce(string_agg(r.reference || ' ' || m.state, ',' ORDER BY r.reference), '')
                    FROM reminders.outbox m JOIN reminders.recipient r ON r.id = m.recipient_id
                    """
                ) == "anna sent,boris dead",
            Patience,
            "one sent, and one taken back by its status"
        );
        Assert.Equal(["4915100000001", "4915100000002"], _whatsApp.Record.Messages.Select(message => message.To).Order());
        Assert.All(_whatsApp.Record.Messages, message => Assert.Equal("rita assigned \"Printer\" to you.", message.Text));
        Assert.Equal("anna 1,boris 1", await ToldAsync());
        Assert.Equal(
            "WHATSAPP",
            (string?)(await _second.GetAsync("anna", "/api/notifications/")).Json!["results"]![0]!["notification_type"]
        );
    }

    [Fact]
    public async Task The_inbox_is_read_filtered_and_marked_and_another_persons_item_is_not_there()
    {
        var (one, two) = (await _first.OpenAsync("rita"), await _first.OpenAsync("rita", "Scanner"));
        await AssignAsync(one, """["anna"]""");
        await AssignAsync(two, """["anna"]""");
        await ToldAsync();
        Assert.Equal(2, (int)(await _first.GetAsync("anna", "/api/notifications/unread/")).Json!["count"]!);
        var about = (await _second.GetAsync("anna", $"/api/notifications/?ticket={two}&is_read=false&notification_type=SYSTEM")).Json!;
        var item = Assert.Single(about["results"]!.AsArray())!;
        Assert.Equal(
            $$"""{"id":"{{two}}","title":"Scanner","status":"created","message":"rita assigned \u0022Scanner\u0022 to you."}""",
            Sorted(item["ticket"]!)
        );
        Assert.Equal(404, (await _first.PostAsync("boris", $"/api/notifications/{item["id"]}/mark_as_read/")).Status);
        Assert.True((bool)(await _first.PostAsync("anna", $"/api/notifications/{item["id"]}/mark_as_read/")).Json!["is_read"]!);
        Assert.Equal("""{"count":1}""", (await _first.PostAsync("anna", "/api/notifications/mark_all_as_read/")).Json!.ToJsonString());
        Assert.Equal("""{"count":0}""", (await _second.PostAsync("anna", "/api/notifications/mark_all_as_read/")).Json!.ToJsonString());
    }

    [Fact]
    public async Task The_socket_pushes_the_ticket_as_an_object_on_any_node_and_goes_on_at_the_cursor_on_another()
    {
        var ticket = await _first.OpenAsync("rita");
        await AssignAsync(ticket, """["anna"]""");
        await ToldAsync();
        long cursor;
        using (var socket = await ConnectAsync(_second, "anna", 0))
        {
            var pushed = await NextAsync(socket);
            Assert.Equal(
                ("SYSTEM", "rita assigned \"Printer\" to you.", $"{ticket}", "Printer", "created"),
                (
                    (string?)pushed["notification_type"],
                    (string?)pushed["message"],
                    (string?)pushed["ticket"]!["id"],
                    (string?)pushed["ticket"]!["title"],
                    (string?)pushed["ticket"]!["status"]
                )
            );
            Assert.NotNull(pushed["timestamp"]);
            cursor = (long)pushed["cursor"]!;
        }

        await _second.PostAsync("rita", $"/api/tickets/{ticket}/start/");
        await _first.PostAsync("rita", $"/api/tickets/{ticket}/add_comment/", """{"comment":"Please."}""");
        using var other = await ConnectAsync(_first, "anna", cursor);
        Assert.Equal("rita started to work on \"Printer\".", (string?)(await NextAsync(other))["message"]);
        Assert.Equal("rita on \"Printer\": Please.", (string?)(await NextAsync(other))["message"]);
    }

    [Fact]
    public async Task A_change_that_is_taken_back_told_nobody()
    {
        var ticket = await _first.OpenAsync("rita");
        // The last thing in the desk's transaction: what was told of it goes with it.
        await using (
            var refuse = _database.CreateCommand("""ALTER TABLE desk."Tickets" ADD CHECK ("Status" <> 'InProgress' OR "Events" = 0)""")
        )
        {
            await refuse.ExecuteNonQueryAsync(Stop);
        }

        await AssignAsync(ticket, """["anna"]""");
        Assert.Equal("anna 1", await ToldAsync());
        Assert.Equal(500, (await _first.PostAsync("rita", $"/api/tickets/{ticket}/start/")).Status);
        Assert.Equal("anna 1", await ToldAsync());
        Assert.Equal("created", (string?)(await _first.GetAsync("rita", $"/api/tickets/{ticket}/")).Json!["status"]);
    }

    private Task AssignAsync(long ticket, string people) => ManyAsync(ticket, "rita", "assign", $$"""{"assignees":{{people}}}""");

    /// <summary>The same ten times at once, on both nodes.</summary>
    private async Task ManyAsync(long ticket, string by, string what, string? json = null)
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(n => (n % 2 == 0 ? _first : _second).PostAsync(by, $"/api/tickets/{ticket}/{what}/", json))
        );
        Assert.All(answers, one => Assert.True(one.Status == 200, $"{what}: {one.Status} {one.Json}"));
    }

    private async Task AssertWrongAsync(string path, string json, params (string Field, string Says)[] wrong)
    {
        var answer = await _first.PostAsync("rita", path, json);
        Assert.True(answer.Status == 400, $"{path} {json}: {answer.Status} {answer.Json}");
        var errors = answer.Json!["errors"]!.AsObject();
        Assert.Equal(wrong.Select(one => one.Field), errors.Select(one => one.Key));
        Assert.All(wrong, one => Assert.Contains(one.Says, (string?)errors[one.Field]![0], StringComparison.Ordinal));
    }

    /// <summary>How many items each person has, once all that was planned is there.</summary>
    private async Task<string> ToldAsync()
    {
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM reminders.occurrence WHERE state <> 'fired')"),
            Patience,
            "everything told"
        );
        return await ScalarAsync<string>(
            """
            SELECT coalesce(string_agg(reference || ' ' || items, ',' ORDER BY reference), '') FROM (
                SELECT r.reference, count(*) AS items FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id
                GROUP BY r.reference) t
            """
        );
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task<ClientWebSocket> ConnectAsync(DeskNode node, string person, long cursor)
    {
        var ticket = (string?)(await node.PostAsync(person, "/api/notifications/ticket/")).Json!["ticket"];
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new($"ws://{node.Http.BaseAddress!.Authority}/ws/notifications/?token={ticket}&cursor={cursor}"), Stop);
        return socket;
    }

    private static async Task<JsonNode> NextAsync(ClientWebSocket socket)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        bound.CancelAfter(Patience);
        var buffer = new byte[16 * 1024];
        var read = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(read), bound.Token);
            read += part.Count;
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, read))!;
            }
        }
    }

    // jsonb has an order of its own.
    private static string Sorted(JsonNode ticket) =>
        new JsonObject(
            ((string[])["id", "title", "status", "message"]).Select(name => KeyValuePair.Create(name, ticket[name]?.DeepClone()))
        ).ToJsonString();
}
