using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Consoles;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Explain;

/// <summary>Why something was not done is said to each in their language: by the API, the command line, the console and the audit.</summary>
public sealed class RefusedInTwoLanguages(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string Why = "The booking is cancelled: approve it again before moving it.";
    private const string Почему = "Запись отменена: прежде чем переносить, одобрите её снова.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_API_says_which_language_it_is_and_the_code_with_its_values()
    {
        var id = await CancelledAsync();
        foreach (var (language, why) in ((string?, string)[])[("ru", Почему), ("en", Why), (null, Why)])
        {
            var (problem, said, vary) = await MoveAsync(id, language);
            Assert.Equal((409, why), ((int)problem["status"]!, (string)problem["detail"]!));
            Assert.Equal((language ?? "en", "Accept-Language"), (said, vary));
            Assert.Equal(("reason.cancelled_not_moved", "[]"), ((string)problem["code"]!, problem["values"]!.ToJsonString()));
        }

        var (none, by, _) = await MoveAsync($"{Guid.Empty}", "ru");
        Assert.Equal((404, $"Записи {Guid.Empty} нет.", "ru"), ((int)none["status"]!, (string)none["detail"]!, by));
        Assert.Equal($"""["{Guid.Empty}"]""", none["values"]!.ToJsonString());
    }

    [Fact]
    public async Task The_command_line_says_it_by_its_option_or_by_the_machines_locale()
    {
        var id = await CancelledAsync();
        string[] move = ["bookings", "move", id, "--starts-at", Start];
        Assert.Equal(Почему, await RefusedAsync([], [.. move, "--lang", "ru"]));
        Assert.Equal(Почему, await RefusedAsync(new() { ["LC_ALL"] = "ru_RU.UTF-8" }, move));
        Assert.Equal(Why, await RefusedAsync(new() { ["LC_ALL"] = "C.UTF-8" }, move));
        await nodes.First.ScalarAsync<string>(
            "UPDATE reminders.subject SET happens_at = '2026-03-01T12:00:00Z' WHERE key = $1 RETURNING key",
            id
        );
        string[] approve = ["bookings", "approve", id];
        Assert.Equal("The booking started at 2026-03-01 12:00:00Z: it can no longer be approved.", await RefusedAsync([], approve));
        Assert.Equal(
            "Запись началась 01.03.2026 12:00:00 UTC: её больше нельзя одобрить.",
            await RefusedAsync([], [.. approve, "--lang", "ru"])
        );
    }

    [Fact]
    public async Task The_console_and_the_audit_say_it_to_each_reader_and_what_an_older_build_wrote_stands()
    {
        var id = await nodes.First.BookAsync("Wera");
        (await nodes.First.PostAsync($"/api/bookings/{id}/ask-again")).Problem(409);
        await nodes.First.ScalarAsync<long>(
            """
            INSERT INTO reminders.audit (actor, action, about, reason, refused)
            VALUES ('api:old', 'booking.move', $1, 'The booking was cancelled, said an older build.', true) RETURNING id
            """,
            $"booking {id}"
        );
        Assert.Equal(
            "not_called_off proposed",
            await nodes.First.ScalarAsync<string>(
                "SELECT reason FROM reminders.audit WHERE refused AND about = $1 ORDER BY id LIMIT 1",
                $"booking {id}"
            )
        );
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-why");
        using var ольга = await nodes.SignInAsync(ConsoleRole.Operator, "olga-pochemu", language: "ru");
        foreach (
            var (browser, why, former) in ((PlainBrowser, string, string)[])
                [
                    (
                        olga,
                        "The booking is proposed: only whoever declined, or was told that it is off, is asked again.",
                        "The booking was cancelled, said an older build."
                    ),
                    (
                        ольга,
                        "Состояние записи: предложено. Снова спрашивают только того, кто отказался или кому сообщили об отмене.",
                        "«The booking was cancelled, said an older build.»"
                    ),
                ]
        )
        {
            await browser.GoAsync($"/console/bookings/{id}/again");
            Assert.Contains(why, browser.Text, StringComparison.Ordinal);
            await browser.GoAsync($"/console/audit?about={Uri.EscapeDataString($"booking {id}")}");
            Assert.Contains(why, browser.Text, StringComparison.Ordinal);
            Assert.Contains(former, browser.Text, StringComparison.Ordinal);
        }
    }

    private static string Start => $"{TimeProvider.System.GetUtcNow().AddDays(9):yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private async Task<string> CancelledAsync()
    {
        var id = await nodes.First.BookAsync("Wera");
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/cancel")).Status);
        return $"{id}";
    }

    private async Task<(JsonNode Problem, string? Language, string? Vary)> MoveAsync(string id, string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/bookings/{id}/move");
        request.Headers.Authorization = new("Bearer", nodes.First.Recruiter);
        request.Content = new StringContent($$"""{"startsAt":"{{Start}}"}""", System.Text.Encoding.UTF8, "application/json");
        if (language is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        }

        using var reply = await nodes.First.Http.SendAsync(request, Stop);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        return (
            JsonNode.Parse(await reply.Content.ReadAsStringAsync(Stop))!,
            reply.Content.Headers.ContentLanguage.SingleOrDefault(),
            reply.Headers.Vary.SingleOrDefault()
        );
    }

    private async Task<string> RefusedAsync(Dictionary<string, string> settings, string[] arguments)
    {
        var (exit, output, errors) = await CommandLine.RunAsync(nodes.First.ConnectionString, settings, arguments);
        Assert.Equal((1, ""), (exit, output));
        return errors.Trim();
    }
}
