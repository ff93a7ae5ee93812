using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reminders.Integration.Tests.Consoles;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Explain;

/// <summary>What doctor finds in a cluster full of troubles is Russian to whoever reads Russian: the API, the command line, the console.</summary>
public sealed partial class DoctorInRussian(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_trouble_is_told_in_the_language_that_is_asked_for_and_what_others_said_is_quoted()
    {
        await TroubledAsync();
        var (english, russian) = await AskBothAsync();
        Assert.InRange(Codes(english).Count(code => !code.StartsWith("good", StringComparison.Ordinal)), 8, 100);
        Assert.StartsWith("email has been broken since ", Says(english, "channel_broken"), StringComparison.Ordinal);
        Assert.Matches("^email неисправен с [0-9.]{10} [0-9:]{8} UTC: «535 no such user»", Says(russian, "channel_broken"));
        Assert.StartsWith("2 сообщения под вопросом", Says(russian, "message_held"), StringComparison.Ordinal);
        foreach (var finding in russian["findings"]!.AsArray())
        {
            IsRussian($"{finding!["says"]}", finding["said"]!);
            if (finding["fix"] is { } fix)
            {
                IsRussian($"{fix["text"]}", fix["said"]!);
            }

            Assert.Matches(Cyrillic(), $"{finding["about"]}");
        }

        var typed = await CommandLine.RunAsync(nodes.First.ConnectionString, "doctor", "--lang", "ru");
        Assert.Contains($"✗ канал         {Says(russian, "channel_broken")}", typed.Output, StringComparison.Ordinal);
        Assert.Contains(" Выполните: reminders channels resume email", typed.Output, StringComparison.Ordinal);
        Assert.All(typed.Output.Trim().Split('\n'), line => Assert.Matches("^[✓!✗] [а-яё]", line));

        using var ольга = await nodes.SignInAsync(ConsoleRole.Operator, "olga-doctor", language: "ru");
        await ольга.GoAsync("/console/doctor");
        Assert.Contains("2 сообщения под вопросом: неизвестно, дошло ли.", ольга.Text, StringComparison.Ordinal);
        Assert.Contains("«535 no such user»", ольга.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" messages ", ольга.Text, StringComparison.Ordinal);
    }

    private async Task TroubledAsync()
    {
        await HeldMessage.CreateAsync(nodes.First);
        await HeldMessage.CreateAsync(nodes.First);
        await HeldMessage.CreateAsync(nodes.First, "dead", "Bad Request: chat not found");
        var paused = await nodes.First.PostAsync("/api/kinds/CONFIRM_2H/pause", """{"reason":"a flood"}""", nodes.First.Operator);
        Assert.Equal(200, paused.Status);
        await using var spoil = nodes.First.Database.CreateCommand(
            """
            INSERT INTO reminders.channel (name, broken_since, pause_reason) VALUES ('email', now(), '535 no such user');
            INSERT INTO reminders.node (name, version, seen_at, skew, hears, hanging, aside)
                VALUES ('lost1', '1.0', now() - interval '10 minutes', '0', true, '{}', '{}'),
                       ('odd1', '1.0', now() + interval '10 minutes', '3.5 s', false, '{firing}',
                        '{claim: 1 (the last with SQLSTATE 23514)}');
            INSERT INTO reminders.source (name, checked_at, problem, problem_at)
                VALUES ('elsewhere', now(), 'hook_put_back: hook_set_to: evil.example', now());
            UPDATE reminders.link_key SET retired_at = now();
            ALTER TABLE reminders.audit ADD COLUMN somebodys text;
            DROP INDEX reminders.access_token_expiry;
            """
        );
        await spoil.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>They are of two instants, and a busy node may be heard at one of them only: asked until both find the same.</summary>
    private async Task<(JsonNode English, JsonNode Russian)> AskBothAsync()
    {
        (JsonNode Report, string? Language) english = (new JsonObject(), null);
        var russian = english;
        await Eventually.TrueAsync(
            async () =>
            {
                (english, russian) = (await AskAsync("en"), await AskAsync("ru"));
                return Codes(english.Report).SequenceEqual(Codes(russian.Report));
            },
            TimeSpan.FromSeconds(20),
            "the same is found in either language"
        );
        Assert.Equal(("en", "ru"), (english.Language, russian.Language));
        return (english.Report, russian.Report);
    }

    private async Task<(JsonNode Report, string? Language)> AskAsync(string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/doctor");
        request.Headers.Authorization = new("Bearer", nodes.First.Operator);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        using var reply = await nodes.First.Http.SendAsync(request, Stop);
        var text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        return (JsonNode.Parse(text)!, reply.Content.Headers.ContentLanguage.SingleOrDefault());
    }

    /// <summary>Beside the values of it, there are names in it at most.</summary>
    private static void IsRussian(string text, JsonNode said)
    {
        var bare = Values(said).OrderByDescending(value => value.Length).Aggregate(text, (left, value) => left.Replace(value, "", Ordinal));
        Assert.Matches(Cyrillic(), bare);
        Assert.False(English().IsMatch(bare), text);
    }

    private static IEnumerable<string> Values(JsonNode? node) =>
        node switch
        {
            JsonArray several => several.SelectMany(Values),
            JsonObject sentence => Values(sentence["values"]),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => [(string)value!],
            _ => [],
        };

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static IEnumerable<string> Codes(JsonNode report) =>
        report["findings"]!.AsArray().Select(finding => $"{finding!["health"]} {finding["code"]}");

    private static string Says(JsonNode report, string code) =>
        (string)report["findings"]!.AsArray().First(finding => (string)finding!["code"]! == code)!["says"]!;

    [GeneratedRegex("[а-яё]")]
    private static partial Regex Cyrillic();

    // Two words in a row; commands and settings are quoted as they are typed.
    [GeneratedRegex(@"\b(?!doctor |channels resume|outbox list|hold release|Maximum Pool|state failed|reminders )[A-Za-z]{2,} [a-z]{2,}")]
    private static partial Regex English();
}
