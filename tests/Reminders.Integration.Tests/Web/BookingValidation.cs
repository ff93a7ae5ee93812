namespace Reminders.Integration.Tests.Web;

/// <summary>What the API refuses, field by field.</summary>
[Trait("Suite", "Quick")]
public sealed class BookingValidation(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private const string Good = """ "title":"T","startsAt":"STARTS","candidate":{"name":"Anna"},"recruiter":{"name":"Rita"} """;

    private readonly WebNode _node = shared.Node;

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            // What was sent, the fields to be named, and what their messages say.
            { "{}", "candidate,recruiter,startsAt,title", "is required" },
            {
                """{"title":"  ","startsAt":"2020-01-01T00:00:00Z","candidate":{"name":""},"recruiter":{"name":"R","zone":"Mars/Olympus"}}""",
                "candidate.name,recruiter.zone,startsAt,title",
                "Mars/Olympus"
            },
            { Good.Replace("STARTS", "2099-01-01T00:00:00Z"), "startsAt", "2099-01-01" },
            { Good.Replace("STARTS", "2027-01-01T10:00:00"), "startsAt", "2027-01-01T10:00:00" },
            { Good.Replace("STARTS", "2027-01-01"), "startsAt", "offset" },
            { Good.Replace("STARTS", "tomorrow"), "startsAt", "tomorrow" },
            { Good.Replace("STARTS", "2027-02-30T10:00:00Z"), "startsAt", "2027-02-30" },
            { Good.Replace("\"STARTS\"", "1798797600"), "startsAt", "1798797600" },
            { Good.Replace("\"STARTS\"", "null"), "startsAt", "is required" },
            { Good.Replace("\"T\"", "\"a\\u0000b\""), "title", "NUL" },
            { Good.Replace("\"T\"", "\"\\ud83d\""), "title", "should be a text" },
            { Good.Replace("\"T\"", $"\"{new string('x', 201)}\""), "title", "201" },
            { Good.Replace("\"T\"", "[1]"), "title", "is a list" },
            { Good + ",\"colour\":\"red\"", "colour", "not a field" },
            { Good + ",\"title\":\"again\"", "title", "twice" },
            {
                Good.Replace("{\"name\":\"Anna\"}", "{\"name\":\"Anna\",\"age\":7,\"telegramChatId\":\"1001\"}"),
                "candidate.age,candidate.telegramChatId",
                "whole number"
            },
            {
                Good.Replace("{\"name\":\"Anna\"}", "{\"name\":\"Anna\",\"telegramChatId\":-5,\"locale\":\"klingonese!\"}"),
                "candidate.locale,candidate.telegramChatId",
                "-5"
            },
            { Good.Replace("{\"name\":\"Anna\"}", "\"Anna\""), "candidate", "should be an object" },
            { Good.Replace("\"T\"", "\"\"").Replace("STARTS", "2027-01-01T10:00:00"), "startsAt,title", "offset" },
            { "[]", "body", "a list" },
            { "null", "body", "null" },
            { "", "body", "empty" },
            { "{\"title\": nope}", "body", "in the field title" },
            { "{\"title\": \"T\"", "body", "not JSON" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Every_wrong_field_is_named_at_once_with_its_value(string body, string fields, string says)
    {
        var text = body.StartsWith(' ') ? $"{{{body}}}" : body;
        var reply = await _node.PostAsync(
            "/api/bookings",
            text.Replace("STARTS", $"{TimeProvider.System.GetUtcNow().AddDays(2):O}", StringComparison.Ordinal)
        );
        Assert.Equal(fields.Split(','), reply.WrongFields());
        Assert.Contains(
            says,
            string.Join(
                '\n',
                reply.Json["errors"]!.AsObject().SelectMany(error => error.Value!.AsArray()).Select(message => (string)message!)
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_id_of_a_list_that_is_none_is_named_by_its_place() =>
        Assert.Equal(
            ["ids[1]"],
            (await _node.PostAsync("/api/bookings/approve", $$"""{"ids":["{{Guid.NewGuid()}}","seven"]}""")).WrongFields()
        );

    [Fact]
    public async Task A_body_over_64_KiB_is_a_413_with_and_without_a_length()
    {
        var body = $$"""{"title":"{{new string('x', 65 * 1024)}}"}""";
        (await _node.PostAsync("/api/bookings", body)).Problem(413);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/bookings")
        {
            Content = new StringContent(body, null, "application/json"),
        };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Headers.Authorization = new("Bearer", _node.Recruiter);
        (await _node.SendAsync(chunked)).Problem(413);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task What_is_not_sent_as_JSON_is_a_415(string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/bookings") { Content = new StringContent("{}") };
        request.Content.Headers.ContentType = type is null ? null : new(type);
        request.Headers.Authorization = new("Bearer", _node.Recruiter);
        (await _node.SendAsync(request)).Problem(415);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_a_404_and_a_method_that_is_not_a_405()
    {
        (await _node.GetAsync("/api/nothing")).Problem(404);
        (await _node.GetAsync("/nothing")).Problem(404);
        (await _node.SendAsync(HttpMethod.Delete, "/api/bookings", null)).Problem(405);
    }
}
