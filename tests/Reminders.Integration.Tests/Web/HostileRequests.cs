using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reminders.Integration.Tests.Web;

/// <summary>Every operation that the API describes, with every place of it filled with what nobody should send.</summary>
public sealed class HostileRequests(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;
    private Task<string>? _token;

    // As JSON: raw, so that what no serializer would write can be said.
    private static readonly string[] Values =
    [
        "null",
        "true",
        "7",
        "-1",
        "0",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "1e999999",
        "1e-999999",
        "1.5",
        "\"\"",
        "\" \"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\ud800\\ufffd\"",
        "\"\\u001b[2Jx\\ny\"",
        "\"2027-02-30T10:00:00Z\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"+294277-01-09T04:00:54Z\"",
        "\"294277-01-09T04:00:54Z\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"-0044-03-15T00:00:00Z\"",
        "\"-1.00:00:00\"",
        "\"-00:00:01\"",
        "\"24:00:00\"",
        "\"10675199.02:48:05.4775808\"",
        "\"..\"",
        "-2147483649",
        "-9223372036854775808",
        "\"europe/berlin\"",
        "[]",
        "{}",
        "[null]",
        "[[[[[[[[]]]]]]]]",
        "{\"a\":null}",
        "{\"email\":null}",
        "{\"a\":1,\"a\":2}",
    ];

    private static readonly string[] Texts =
    [
        "%00",
        "%FF",
        "%0A",
        "%1B%5B2J",
        "..",
        "%2F",
        "-1",
        "0",
        "9223372036854775808",
        "%F0%9F%98%80",
        "'--",
        "a%00b",
        new('x', 3000),
        new('9', 3000),
    ];

    [Fact]
    public async Task Whatever_stands_in_a_field_of_a_body_the_answer_is_no_5xx()
    {
        var (description, wrong, asked) = (await DescriptionAsync(), new List<string>(), 0);
        foreach (var (method, path, operation) in Operations(description))
        {
            if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema)
            {
                continue;
            }

            var good = Example(description, schema, "", 0)!;
            foreach (var place in Places(good))
            {
                foreach (var value in Values.Append(Long(3000)).Append(Long(60_000)))
                {
                    await AskAsync(method, Fill(path), Replace(good, place, value), wrong);
                    asked++;
                }
            }
        }
        Assert.True(asked > 500, $"Only {asked} requests.");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.True(_node.Log.Lines.Count == 0, string.Join(Environment.NewLine, _node.Log.Lines.Take(3)));
    }

    [Fact]
    public async Task Whatever_stands_in_a_path_or_query_the_answer_is_no_5xx()
    {
        var (description, wrong, asked) = (await DescriptionAsync(), new List<string>(), 0);
        foreach (var (method, path, operation) in Operations(description))
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = (string)parameter!["name"]!;
                foreach (var text in Texts)
                {
                    switch ((string)parameter["in"]!)
                    {
                        case "path":
                            await AskAsync(method, path.Replace($"{{{name}}}", text, StringComparison.Ordinal), "{}", wrong);
                            break;
                        case "query":
                            await AskAsync(method, $"{Fill(path)}?{name}={text}&{name}={text}", "{}", wrong);
                            await AskAsync(method, $"{Fill(path)}?{name}={text}", "{}", wrong);
                            break;
                    }
                    asked++;
                }
            }
        }
        Assert.True(asked > 100, $"Only {asked} requests.");
        foreach (var text in Texts)
        {
            await AskAsync("POST", $"/unsubscribe/{text}", "", wrong);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.True(_node.Log.Lines.Count == 0, string.Join(Environment.NewLine, _node.Log.Lines.Take(3)));
    }

    public static TheoryData<string, string, string, string> Named =>
        new()
        {
            {
                "PUT",
                "/api/recipients",
                """{"recipients":[{"reference":"r1","name":"A","addresses":{"email":null}}]}""",
                "recipients[0].addresses.email"
            },
            {
                "PUT",
                "/api/recipients",
                """{"recipients":[{"reference":"r1","name":"A","addresses":{"telegram":"LONG0001"}}]}""",
                "recipients[0].addresses.telegram"
            },
            {
                "PUT",
                "/api/recipients",
                """{"recipients":[{"reference":"r1","name":"A","addresses":{"whatsapp":"+49 LONG 15123456789"}}]}""",
                "recipients[0].addresses.whatsapp"
            },
            {
                "PUT",
                "/api/recipients",
                """{"recipients":[{"reference":"r1","name":"A","quietHours":{"from":"22:00","to":null}}]}""",
                "recipients[0].quietHours.to"
            },
            { "PUT", "/api/recipients", """{"recipients":[{"reference":"r1","name":"A\u001b[31m"}]}""", "recipients[0].name" },
            { "PUT", "/api/groups/g1", """{"members":["a\u0000"]}""", "members[0]" },
            { "PUT", "/api/groups/g1", """{"members":[null]}""", "members[0]" },
            { "PUT", "/api/groups/g%0Ag2", """{"members":[]}""", "name" },
            {
                "POST",
                "/api/notifications",
                """{"kind":"CART_ABANDONED","subject":"c1","recipients":["u"],"data":{"cart_hash":"LONG","url":"https://e"}}""",
                "data.cart_hash"
            },
            {
                "POST",
                "/api/bookings",
                """{"title":"a\nb","startsAt":"2027-01-01T10:00:00Z","candidate":{"name":"A"},"recruiter":{"name":"B"}}""",
                "title"
            },
        };

    [Theory, MemberData(nameof(Named))]
    public async Task A_value_that_cannot_be_kept_is_a_400_that_names_its_field(string method, string path, string body, string field) =>
        Assert.Contains(
            field,
            (await _node.SendAsync(new(method), path, body.Replace("LONG", new string('0', 3000), StringComparison.Ordinal))).WrongFields()
        );

    [Theory]
    [InlineData("right/Europe/Berlin")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("posixrules")]
    [InlineData("localtime")]
    [InlineData("Factory")]
    [InlineData("Europe//Berlin")]
    [InlineData("Europe/./Berlin")]
    [InlineData("europe/berlin")]
    [InlineData("EUROPE/BERLIN")]
    [InlineData("/Europe/Berlin")]
    [InlineData("Europe/Berlin/")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("UTC-02")]
    [InlineData("UTC+12")]
    [InlineData("+03:00")]
    [InlineData("zone.tab")]
    public async Task A_zone_in_another_spelling_is_refused(string zone)
    {
        // Found once in its right spelling, it must not be found in others.
        Assert.Equal(200, (await _node.SendAsync(HttpMethod.Put, "/api/recipients", Person("Europe/Berlin"))).Status);
        Assert.Equal(["recipients[0].zone"], (await _node.SendAsync(HttpMethod.Put, "/api/recipients", Person(zone))).WrongFields());
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Etc/UTC")]
    [InlineData("Etc/GMT+3")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("US/Mountain")]
    [InlineData("America/Port-au-Prince")]
    public async Task A_zone_of_the_IANA_database_is_taken(string zone) =>
        Assert.Equal(200, (await _node.SendAsync(HttpMethod.Put, "/api/recipients", Person(zone))).Status);

    [Theory]
    [InlineData("/api/recipients", "1", "recipients[0]")]
    [InlineData("/api/recipients", "{}", "recipients[0].reference")]
    [InlineData("/api/recipients", "{\"x\":1}", "recipients[0].x")]
    public async Task Errors_end_at_a_hundred_and_say_so(string path, string item, string first)
    {
        var reply = await _node.SendAsync(
            HttpMethod.Put,
            path,
            $"{{\"recipients\":[{string.Join(',', Enumerable.Repeat(item, 10_000))}]}}"
        );
        var errors = reply.Problem(400)["errors"]!.AsObject();
        Assert.Equal(100, errors.Where(error => error.Key != "more").Sum(error => error.Value!.AsArray().Count));
        Assert.Contains(first, errors.Select(error => error.Key));
        Assert.Contains("there may be more", (string)errors["more"]![0]!, StringComparison.Ordinal);
        Assert.True(reply.Text.Length < 50_000, $"{reply.Text.Length} characters");
    }

    [Fact]
    public async Task A_body_of_millions_of_items_is_refused_unread()
    {
        var body = $"{{\"recipients\":[{string.Join(',', Enumerable.Repeat("1", 4_000_000))}]}}";
        foreach (
            var (method, path) in new (HttpMethod, string)[]
            {
                (HttpMethod.Put, "/api/recipients"),
                (HttpMethod.Post, "/api/notifications"),
            }
        )
        {
            var reply = await _node.SendAsync(method, path, body);
            Assert.Contains("recipients", reply.WrongFields());
            Assert.True(reply.Text.Length < 5000, $"{reply.Text.Length} characters");
        }
    }

    [Fact]
    public async Task A_body_that_is_no_UTF_8_is_a_400_for_a_caller_and_taken_from_Telegram_which_would_repeat_it()
    {
        foreach (var (path, key, status) in new[] { ("/api/notifications", _node.Recruiter, 400), ("/telegram/webhook", "", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", WebNode.WebhookSecret);
            if (key.Length > 0)
            {
                request.Headers.Authorization = new("Bearer", key);
            }

            request.Content = new ByteArrayContent([.. "{\"update_id\":1,\"kind\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            Assert.Equal(status, (await _node.SendAsync(request)).Status);
        }
    }

    [Fact]
    public async Task Whatever_stands_in_an_update_the_webhook_answers_no_5xx()
    {
        var wrong = new List<string>();
        var good = JsonNode.Parse(
            """{"update_id":1,"callback_query":{"id":"1","from":{"id":5},"data":"x","message":{"message_id":1,"chat":{"id":5,"type":"private"}}},"message":{"text":"/start x","chat":{"id":1}}}"""
        )!;
        foreach (var place in Places(good))
        {
            foreach (var value in Values.Append(Long(3000)))
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/telegram/webhook");
                request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", WebNode.WebhookSecret);
                request.Content = new StringContent(Replace(good, place, value), Encoding.UTF8, "application/json");
                Judge(await _node.SendAsync(request), $"{place} {value}", wrong);
            }
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
    }

    private static string Person(string zone) =>
        JsonSerializer.Serialize(
            new
            {
                recipients = new[]
                {
                    new
                    {
                        reference = "zoned",
                        name = "Z",
                        zone,
                    },
                },
            }
        );

    private static string Long(int length) => $"\"{new string('1', length)}\"";

    private async Task<JsonNode> DescriptionAsync() => (await _node.GetAsync("/openapi/v1.json")).Json;

    private static IEnumerable<(string Method, string Path, JsonNode Operation)> Operations(JsonNode description) =>
        from path in description["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "delete" or "patch"
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);

    private static string Fill(string path) =>
        path.Replace(
                "{id}",
                path.Contains("bookings", StringComparison.Ordinal) ? "0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d" : "1",
                StringComparison.Ordinal
            )
            .Replace("{reference}", "nobody", StringComparison.Ordinal)
            .Replace("{name}", "nobody", StringComparison.Ordinal);

    private async Task AskAsync(string method, string path, string body, List<string> wrong)
    {
        // An operator may do all but read a person's inbox, which their token opens.
        var reply = await AskAsync(_node.Operator);
        if (reply.Status == 401)
        {
            reply = await AskAsync(await (_token ??= TokenAsync()));
        }

        if (reply.Status is 401 or 403)
        {
            wrong.Add($"{reply.Status} {method} {path}: nothing was tried");
        }

        Judge(reply, $"{method} {path[..Math.Min(path.Length, 80)]} {body[..Math.Min(body.Length, 300)]}", wrong);

        Task<Reply> AskAsync(string key) => _node.SendAsync(new(method), path, method is "GET" or "DELETE" ? null : body, key);
    }

    private async Task<string> TokenAsync()
    {
        await _node.SendAsync(HttpMethod.Put, "/api/recipients", Person("UTC"));
        return (string)(await _node.PostAsync("/api/tokens", """{"recipient":"zoned"}""")).Json["token"]!;
    }

    private static void Judge(Reply reply, string asked, List<string> wrong)
    {
        // What Kestrel itself refuses, a NUL in a path, never reaches the application.
        var fits =
            reply.Status < 400
            || reply.Status < 500
                && (reply.ContentType == "application/problem+json" || reply.ContentType == "text/html" || reply.Text.Length == 0);
        if (!fits || reply is { Status: 400, Text.Length: > 0 } && !NamesFields(reply.Json["errors"]))
        {
            wrong.Add($"{reply.Status} {asked}: {reply.Text[..Math.Min(reply.Text.Length, 200)]}");
        }
    }

    /// <summary>Each by its name, with no more of the value than a person can read.</summary>
    private static bool NamesFields(JsonNode? errors) =>
        errors is JsonObject { Count: > 0 } fields
        && fields.All(field =>
            field.Key.Length is > 0 and < 200 && field.Value!.AsArray().All(message => ((string)message!).Length is > 0 and < 500)
        );

    /// <summary>A value of a schema, with every field there is.</summary>
    private static JsonNode? Example(JsonNode description, JsonNode schema, string name, int depth)
    {
        if (schema["$ref"] is { } reference)
        {
            return Example(
                description,
                description["components"]!["schemas"]![((string)reference!)[((string)reference!).LastIndexOf('/')..][1..]]!,
                name,
                depth + 1
            );
        }

        if (
            (schema["oneOf"] ?? schema["anyOf"])?.AsArray().FirstOrDefault(one => (one!["type"] as JsonValue)?.ToString() != "null") is
            { } either
        )
        {
            return Example(description, either, name, depth + 1);
        }

        if (depth > 12)
        {
            return null;
        }

        var type = schema["type"] is JsonArray types ? (string?)types.First(one => (string?)one != "null") : (string?)schema["type"];
        switch (type)
        {
            case "object" when schema["properties"] is JsonObject properties:
                return new JsonObject(
                    properties.Select(property =>
                        KeyValuePair.Create(property.Key, Example(description, property.Value!, property.Key, depth + 1))
                    )
                );
            case "object":
                return new JsonObject { [name == "addresses" ? "email" : "customer"] = name == "addresses" ? "anna@example.com" : "x" };
            case "array":
                return new JsonArray(Example(description, schema["items"]!, name, depth + 1));
            case "integer" or "number":
                return JsonValue.Create(1);
            case "boolean":
                return JsonValue.Create(true);
            default:
                return (string?)schema["format"] switch
                {
                    "date-time" => "2027-01-01T10:00:00Z",
                    "uuid" => "0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d",
                    "time" => "22:00:00",
                    _ => name switch
                    {
                        "zone" => "UTC",
                        "locale" => "en",
                        "kind" => "CUSTOMER_CREATED",
                        _ => "x",
                    },
                };
        }
    }

    /// <summary>Every node of a tree but its root, as a path of names and indices; and "" for the root.</summary>
    private static IEnumerable<string> Places(JsonNode? value, string at = "") =>
        (
            value switch
            {
                JsonObject fields => fields.SelectMany(field => Places(field.Value, $"{at}/{field.Key}")),
                JsonArray items => items.SelectMany((item, index) => Places(item, $"{at}/{index}")),
                _ => [],
            }
        ).Prepend(at);

    private static string Replace(JsonNode good, string place, string raw)
    {
        if (place.Length == 0)
        {
            return raw;
        }

        const string Mark = "\"§\"";
        var copy = good.DeepClone();
        var steps = place.Split('/')[1..];
        var parent = steps[..^1].Aggregate(copy, (at, step) => at is JsonArray list ? list[int.Parse(step)]! : at[step]!);
        if (parent is JsonArray items)
        {
            items[int.Parse(steps[^1])] = "§";
        }
        else
        {
            parent[steps[^1]] = "§";
        }

        return copy.ToJsonString(
                new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
            .Replace(Mark, raw, StringComparison.Ordinal);
    }
}
