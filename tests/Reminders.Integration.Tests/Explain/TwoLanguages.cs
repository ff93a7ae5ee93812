using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Consoles;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Explain;

/// <summary>The API, the command line and the console tell one story, each in the language of whoever asks.</summary>
public sealed class TwoLanguages(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private const string Doubt =
        "Nobody can know whether Anna was told (the node node7 was lost while sending); an operator has to decide.";
    private const string Вопрос = "Anna: никто не может знать, сообщено ли (узел node7 пропал во время отправки); решать оператору.";
    private const string Again =
        "asked for again: nothing was planned, because this reminder (row {0}) stands for it already "
        + "(same kind, subject, version and recipient)";
    private const string Снова =
        "запрошено снова: ничего не запланировано, потому что это напоминание (строка {0}) уже есть "
        + "(тот же вид, предмет, версия и получатель)";

    [Fact]
    public async Task The_API_answers_in_the_language_that_is_asked_for_and_says_which_and_by_what()
    {
        var held = await AskedTwiceAsync();
        var (english, by) = await ExplainAsync(held, "fr, en;q=0.5, ru;q=0.1");
        Assert.Equal(("en", "Accept-Language"), by);
        var (russian, by2) = await ExplainAsync(held, "ru-RU, en;q=0.5");
        Assert.Equal(("ru", "Accept-Language"), by2);
        Assert.Equal(("en", "Accept-Language"), (await ExplainAsync(held, null)).By);
        Assert.Equal(("en", "Accept-Language"), (await ExplainAsync(held, "ru;q=0, de")).By);

        Assert.Equal((Doubt, Вопрос), ((string)english["summary"]!, (string)russian["summary"]!));
        var row = (long)english["id"]!;
        Assert.Contains(Text(Again, row), Texts(english));
        Assert.Contains(Text(Снова, row), Texts(russian));
        // What there is to say is the same, whatever the words.
        Assert.Equal(Codes(english), Codes(russian));
        Assert.Equal("stands.doubt", (string)russian["code"]!);
        Assert.Equal("Anna", (string)russian["values"]![0]!);
        Assert.Equal("""{"code":"reason.node_lost","values":["node7"]}""", russian["values"]![1]!.ToJsonString());
    }

    [Fact]
    public async Task The_command_line_tells_the_same_by_its_option_or_by_the_machines_locale()
    {
        var held = await AskedTwiceAsync();
        var row = await RowAsync(held);
        string[] explain = ["explain", held.Booking];
        var english = await RunAsync([], [.. explain, "--lang", "en"]);
        var russian = await RunAsync([], [.. explain, "--lang", "ru"]);
        Assert.Contains(Doubt, english, StringComparison.Ordinal);
        Assert.Contains(Text(Again, row), english, StringComparison.Ordinal);
        Assert.Contains(Вопрос, russian, StringComparison.Ordinal);
        Assert.Contains(Text(Снова, row), russian, StringComparison.Ordinal);
        Assert.Contains(": одобрено. Запись", russian, StringComparison.Ordinal);
        Assert.Equal(russian, await RunAsync(new() { ["LC_ALL"] = "ru_RU.UTF-8" }, explain));
        Assert.Equal(english, await RunAsync(new() { ["LC_ALL"] = "C.UTF-8", ["LANG"] = "ru_RU.UTF-8" }, explain));

        Assert.Contains(
            "узел node7 пропал во время отправки",
            await RunAsync([], "outbox", "list", "--lang", "ru"),
            StringComparison.Ordinal
        );
        Assert.Contains("тот же вид, предмет", await RunAsync([], "suppressions", "list", "--lang", "ru"), StringComparison.Ordinal);
        var wrong = await CommandLine.RunAsync(nodes.First.ConnectionString, [.. explain, "--lang", "de"]);
        Assert.Contains("--lang is 'de': it should be en or ru.", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_tells_the_same_in_its_visitors_language_and_groups_what_died_by_its_code()
    {
        var held = await AskedTwiceAsync();
        foreach (var node in (string[])["node7", "node8"])
        {
            await HeldMessage.CreateAsync(nodes.First, "dead", $"last_attempt 5 5: node_lost: {node}");
        }

        await HeldMessage.CreateAsync(nodes.First, "dead", "Bad Request: chat not found");
        var row = await RowAsync(held);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-words");
        using var ольга = await nodes.SignInAsync(ConsoleRole.Operator, "olga-slova", language: "ru");
        foreach (var (browser, doubt, again) in ((PlainBrowser, string, string)[])[(olga, Doubt, Again), (ольга, Вопрос, Снова)])
        {
            await browser.GoAsync($"/console/bookings/{held.Booking}");
            Assert.Contains(doubt, browser.Text, StringComparison.Ordinal);
            Assert.Contains(Text(again, row), browser.Text, StringComparison.Ordinal);
        }

        await ольга.GoAsync("/console/outbox?state=uncertain");
        Assert.Contains("узел node7 пропал во время отправки", ольга.Text, StringComparison.Ordinal);
        // A rule is found by its words, in either language.
        await ольга.GoAsync($"/console/suppressed?rule={Uri.EscapeDataString("the same within")}");
        Assert.DoesNotContain("тот же вид", ольга.Text, StringComparison.Ordinal);
        await ольга.GoAsync($"/console/suppressed?rule={Uri.EscapeDataString("тот же вид")}");
        Assert.Contains("тот же вид, предмет, версия и получатель", ольга.Text, StringComparison.Ordinal);
        await ольга.GoAsync("/console/outbox?state=dead");
        Assert.Contains("узел … пропал во время отправки", ольга.Text, StringComparison.Ordinal);
        Assert.Contains("«Bad Request: chat not found»", ольга.Text, StringComparison.Ordinal);
        await ольга.FollowAsync("a[href*='reason=node_lost']");
        Assert.Contains("причина: «узел … пропал во время отправки»", ольга.Text, StringComparison.Ordinal);
        Assert.Contains("2 сообщения", ольга.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_older_build_wrote_is_told_as_it_stands()
    {
        var held = await HeldMessage.CreateAsync(nodes.First, "dead", "no longer useful: telegram could not send");
        Assert.Equal(
            "Anna was not told: no longer useful: telegram could not send.",
            (string)(await ExplainAsync(held, "en")).Story["summary"]!
        );
        Assert.Equal(
            "Anna: не сообщено: «no longer useful: telegram could not send».",
            (string)(await ExplainAsync(held, "ru")).Story["summary"]!
        );
    }

    private async Task<HeldMessage> AskedTwiceAsync()
    {
        var held = await HeldMessage.CreateAsync(nodes.First, reason: "node_lost: node7");
        await nodes.First.PostAsync($"/api/bookings/{held.Booking}/approve");
        return held;
    }

    private async Task<(JsonNode Story, (string? Language, string? Vary) By)> ExplainAsync(HeldMessage held, string? languages)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/bookings/{held.Booking}/explain");
        request.Headers.Authorization = new("Bearer", nodes.First.Recruiter);
        if (languages is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        }

        using var reply = await nodes.First.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var story = JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return (
            story["reminders"]!.AsArray().Single(reminder => (string)reminder!["kind"]! == "CONFIRM_2H")!,
            (reply.Content.Headers.ContentLanguage.SingleOrDefault(), reply.Headers.Vary.SingleOrDefault())
        );
    }

    private async Task<string> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        var (exit, output, errors) = await CommandLine.RunAsync(nodes.First.ConnectionString, settings, arguments);
        Assert.Equal((0, ""), (exit, errors));
        return output;
    }

    private Task<long> RowAsync(HeldMessage held) =>
        nodes.First.ScalarAsync<long>("SELECT occurrence_id FROM reminders.outbox WHERE id = $1", held.Id);

    private static string Text(string sentence, long row) => sentence.Replace("{0}", $"{row}", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonNode story) => story["events"]!.AsArray().Select(happened => (string)happened!["text"]!);

    private static IEnumerable<string> Codes(JsonNode story) => story["events"]!.AsArray().Select(happened => (string)happened!["code"]!);
}
