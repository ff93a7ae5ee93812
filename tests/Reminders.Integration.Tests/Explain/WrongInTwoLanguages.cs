using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Consoles;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Explain;

/// <summary>
/// What is wrong with a request is said in its reader's language: by the API, whoever there decides it, by the console's forms and by the
/// command line. In Russian nothing is left of the English but names, examples and what is quoted.
/// </summary>
public sealed partial class WrongInTwoLanguages(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string Json = "application/json";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/api/bookings", """{"candidate":{"name":"","zone":"Mars","locale":"??","telegramChatId":-1,"reference":".."}}""")]
    [InlineData("POST", "/api/bookings", """{"title":"a\nb","startsAt":"2020-01-01T10:00:00Z","recruiter":null,"colour":1}""")]
    [InlineData("POST", "/api/bookings", """{"title":1,"startsAt":"tomorrow","candidate":[],"title":"b"}""")]
    [InlineData("POST", "/api/bookings", """{"title":""")]
    [InlineData("POST", "/api/bookings", "")]
    [InlineData("POST", "/api/bookings/approve", """{"ids":[]}""")]
    [InlineData("POST", "/api/bookings/0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d/answer", """{"answer":"maybe"}""")]
    [InlineData(
        "POST",
        "/api/notifications",
        """{"kind":"NOPE","subject":"s","version":0,"delaySeconds":-1,"due":"2020-01-01T00:00:00Z"}"""
    )]
    [InlineData("POST", "/api/notifications", """{"kind":"CONFIRM_2H","subject":"","recipients":[],"group":"g"}""")]
    [InlineData("PUT", "/api/recipients", """{"recipients":[{"reference":"a","name":"A","addresses":{"pigeon":"x","telegram":"y"}},{}]}""")]
    [InlineData("PUT", "/api/groups/g", """{"members":["nobody-of-that-name"]}""")]
    [InlineData("GET", "/api/messages?state=lost&since=now&after=x&size=0", null)]
    [InlineData("GET", "/api/bookings?since=2027-01-02T00:00:00Z&until=2027-01-01T00:00:00Z", null)]
    [InlineData("GET", "/api/outbox?state=odd&after=x&size=9999", null)]
    [InlineData("GET", "/api/audit?before=x", null)]
    [InlineData("POST", "/api/outbox/x/settle", "{}")]
    [InlineData("POST", "/api/outbox/7/settle", "{}")]
    [InlineData("POST", "/api/outbox/settle", "{}")]
    [InlineData("POST", "/api/outbox/replay", """{"reason":"r"}""")]
    [InlineData("POST", "/api/channels/telegram/pause", """{"reason":"r","until":"2020-01-01T00:00:00Z"}""")]
    [InlineData("POST", "/api/tokens", """{"recipient":"r","expiresIn":0}""")]
    [InlineData("GET", "/api/bookings?owner=a&owner=b", null)]
    [InlineData("GET", "/api/notifications/explain?type=&subject=", null)]
    [InlineData("POST", "/api/kinds/CONFIRM_2H/texts", """{"locale":"en","texts":{"text":"To {nobody}","subject":"x"},"reason":"r"}""")]
    [InlineData("POST", "/api/kinds/CONFIRM_2H/texts", """{"locale":"en","texts":{"text":"To {nobody}"},"reason":"r"}""")]
    [InlineData("POST", "/api/kinds/CONFIRM_2H/texts", """{"locale":"en","texts":{"text":"{starts_at:%}"},"reason":"r"}""")]
    [InlineData("POST", "/api/kinds/CONFIRM_2H/texts", """{"locale":"pt","texts":{"text":"Alo } {"},"reason":"r"}""")]
    public async Task The_API_tells_fields_in_Russian_and_each_with_its_code(string method, string path, string? body)
    {
        var (english, russian) = await BothAsync(method, path, body, nodes.First.Operator);
        Assert.Equal(400, (int)english["status"]!);
        Assert.Equal("One or more validation errors occurred.", (string)english["title"]!);
        Same(english["errors"]!.AsObject(), russian["errors"]!.AsObject());
        Assert.Equal(english["codes"]!.ToJsonString(), russian["codes"]!.ToJsonString());
        foreach (var (field, codes) in english["codes"]!.AsObject())
        {
            Assert.Equal(codes!.AsArray().Count, english["errors"]![field]!.AsArray().Count);
            Assert.All(codes.AsArray(), one => Assert.StartsWith("wrong.", (string)one!["code"]!, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("POST", "/api/bookings", "x", "text/plain", 415, null)]
    [InlineData("POST", "/api/bookings", "x", "", 415, "Send JSON, with Content-Type: application/json.")]
    [InlineData("POST", "/api/bookings", "long", Json, 413, "The body is longer than 64 KiB.")]
    [InlineData("GET", "/api/bookings?nobody", null, Json, 401, "Send an API key: Authorization: Bearer rk_….")]
    [InlineData("GET", "/api/bookings?wrong", null, Json, 401, "The API key is unknown, expired or revoked.")]
    [InlineData("GET", "/api/audit?recruiter", null, Json, 403, "The API key is good, but it may not do this: it lacks the scope operate.")]
    [InlineData("GET", "/api/bookings?owner=somebody&recruiter", null, Json, 403, "Another owner's objects need the scope operate.")]
    [InlineData("GET", "/api/nothing-here", null, Json, 404, null)]
    [InlineData("DELETE", "/api/bookings", null, Json, 405, null)]
    [InlineData("GET", "/ws/notifications/?token", null, Json, 401, null)]
    public async Task And_what_it_refuses_before_any_command(
        string method,
        string path,
        string? body,
        string type,
        int status,
        string? detail
    )
    {
        var key =
            path.Contains("nobody", StringComparison.Ordinal) ? null
            : path.Contains("wrong", StringComparison.Ordinal) ? "rk_nobodys"
            : path.Contains("recruiter", StringComparison.Ordinal) ? nodes.First.Recruiter
            : nodes.First.Operator;
        var (english, russian) = await BothAsync(method, path, body == "long" ? new string(' ', 70_000) : body, key, type);
        Assert.Equal((status, status), ((int)english["status"]!, (int)russian["status"]!));
        if (detail is not null)
        {
            Assert.Equal(detail, (string)english["detail"]!);
        }

        Same(english["title"]!, russian["title"]!);
        if (english["detail"] is { } said)
        {
            Same(said, russian["detail"]!);
            Assert.Equal((string)english["code"]!, (string)russian["code"]!);
        }
    }

    [Fact]
    public async Task A_key_that_was_used_and_one_that_is_none()
    {
        foreach (var key in (string[])["x", "x", new string('k', 300)])
        {
            await BothAsync("POST", "/api/bookings", "{}", nodes.First.Recruiter, key: key);
        }

        var first = $$"""{"title":"Engineer"}""";
        await nodes.First.PostAsync("/api/bookings", Web.WebNode.Booking("Nina", 5151), nodes.First.Recruiter, "once");
        var (english, russian) = await BothAsync("POST", "/api/bookings", first, nodes.First.Recruiter, key: "once");
        Assert.Equal(422, (int)english["status"]!);
        Assert.Equal(
            "The Idempotency-Key 'once' was used before with a different request. Use a new key for a new request.",
            (string)english["detail"]!
        );
        Same(english["detail"]!, russian["detail"]!);
    }

    [Fact]
    public async Task A_console_form_and_a_filter()
    {
        using var ольга = await nodes.SignInAsync(ConsoleRole.Administrator, "olga-neverno", language: "ru");
        await ольга.GoAsync("/console/outbox?state=lost");
        Assert.Equal(422, ольга.Status);
        Clean(ольга.Find("#wrong").TextContent);
        await ольга.GoAsync("/console/keys");
        await ольга.SubmitAsync("main form[method=post] button", ("name", "a\tb"), ("scope", "bookings"));
        Assert.Equal(422, ольга.Status);
        Clean(ольга.Find("#wrong").TextContent);
        await ольга.GoAsync("/console/accounts");
        await ольга.SubmitAsync("form[action$='/accounts/invite'] button", ("role", "Recruiter"), ("recruiter", "nobody"));
        Assert.Equal("recruiter: «nobody»: человека с таким номером нет, или их несколько.", ольга.Find("#wrong").TextContent.Trim());
    }

    [Fact]
    public async Task The_command_line()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            "kind,subject,recipient,sent_at\nK,s,u\nK,s,u,yesterday\nK,\"s\"x,u,2026-01-02T09:30:00Z\n",
            Stop
        );
        foreach (
            var (arguments, english) in ((string[], string)[])
                [
                    (["outbox", "replay", "7", "--reason", " "], "reason is required: 1 to 1000 characters."),
                    (["bookings", "list", "--state", "lost"], "state is 'lost': it should be "),
                    (["channels", "pause", "telegram", "--reason", " "], "reason is required: 1 to 1000 characters."),
                    (
                        ["texts", "preview", "CONFIRM_2H", "en", "text=To {nobody}"],
                        "texts Kinds:CONFIRM_2H:Templates:en:text asks for {nobody}, which nobody gives: there are {recipient}, "
                    ),
                    (
                        ["texts", "preview", "CONFIRM_2H", "en", "text=To {x"],
                        "texts Kinds:CONFIRM_2H:Templates:en:text: '{' at position 3 "
                    ),
                    (["import", file], "line 2: has 3 fields: the header has 4."),
                ]
        )
        {
            var (exit, _, errors) = await CommandLine.RunAsync(nodes.First.ConnectionString, [.. arguments, "--lang", "en"]);
            Assert.Equal(1, exit);
            Assert.StartsWith(english, errors, StringComparison.Ordinal);
            (exit, _, errors) = await CommandLine.RunAsync(nodes.First.ConnectionString, [.. arguments, "--lang", "ru"]);
            Assert.Equal(1, exit);
            Clean(errors);
        }

        File.Delete(file);
    }

    private async Task<(JsonNode English, JsonNode Russian)> BothAsync(
        string method,
        string path,
        string? body,
        string? bearer,
        string type = Json,
        string? key = null
    )
    {
        var english = await SendAsync(null);
        var russian = await SendAsync("ru-RU, en;q=0.5");
        Clean(russian["title"]!.ToString());
        Assert.All(Texts(russian["errors"]), Clean);
        return (english, russian);

        async Task<JsonNode> SendAsync(string? language)
        {
            using var request = new HttpRequestMessage(new(method), path);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type.Length == 0 ? Json : type);
            if (type.Length == 0)
            {
                request.Content!.Headers.ContentType = null;
            }

            request.Headers.Authorization = bearer is null ? null : new("Bearer", bearer);
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var reply = await nodes.First.Http.SendAsync(request, Stop);
            Assert.NotEqual(HttpStatusCode.OK, reply.StatusCode);
            Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
            Assert.Equal(language is null ? "en" : "ru", Assert.Single(reply.Content.Headers.ContentLanguage));
            Assert.Equal("Accept-Language", Assert.Single(reply.Headers.Vary));
            return JsonNode.Parse(await reply.Content.ReadAsStringAsync(Stop))!;
        }
    }

    /// <summary>The same fields, as many messages, and none in the same words.</summary>
    private static void Same(JsonNode english, JsonNode russian)
    {
        var (en, ru) = (Texts(english).ToArray(), Texts(russian).ToArray());
        Assert.Equal(en.Length, ru.Length);
        Assert.All(en, text => Assert.DoesNotMatch(Cyrillic(), text));
        Assert.All(ru, Clean);
        if (english is JsonObject fields)
        {
            Assert.Equal(fields.Select(field => field.Key), russian.AsObject().Select(field => field.Key));
        }
    }

    private static void Clean(string russian)
    {
        Assert.Matches(Cyrillic(), russian);
        Assert.DoesNotMatch(English(), Quoted().Replace(russian, "«»"));
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(field => Texts(field.Value)),
            JsonArray several => several.SelectMany(Texts),
            null => [],
            _ => [node.ToString()],
        };

    [GeneratedRegex("«[^»]*»")]
    private static partial Regex Quoted();

    [GeneratedRegex("[А-Яа-яЁё]")]
    private static partial Regex Cyrillic();

    // Words without which hardly a sentence of ours is English; names of fields and examples have none of them.
    [GeneratedRegex(@"\b(?:is|are|has|have|the|a|an|of|or|and|it|that|should|must|at most|characters|given|such|as|there|which|not)\b")]
    private static partial Regex English();
}
