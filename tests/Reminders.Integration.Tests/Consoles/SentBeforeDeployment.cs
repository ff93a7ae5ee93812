using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A node of one text has sent, and one of another text starts beside it: what was sent before is shown with that said.</summary>
public sealed class SentBeforeDeployment(Postgres postgres)
{
    private const string Sure = "it was sent under another text of its kind than stands now";
    private const string SureInRussian = "отправлено с другим текстом своего вида";
    private const string Maybe = "it may have been sent under another text of its kind than stands now";

    [Fact]
    public async Task A_booking_a_message_the_story_and_the_command_line_say_so_in_both_languages_and_while_both_ran_that_it_may_be()
    {
        await using var first = await WebNode.StartAsync(postgres, Map, ("Kinds:CONFIRM_2H:Templates:en:text", "Before it, {candidate}."));
        await ChangeAsync(first, "UPDATE reminders.text_seen SET first_seen = first_seen - interval '2 hours'");
        var (booking, message) = await SentOtherwise.SendAsync(first);
        string[] paths = [$"/console/bookings/{booking}", $"/console/messages/{message}"];
        using var olga = await SignInAsync(first, "olga", "en");
        using var oleg = await SignInAsync(first, "oleg", "ru");
        await olga.GoAsync(paths[0]);
        Assert.Null(olga.Page.QuerySelector("#earlier-text"));

        // The node that has sent it tells it as well: what stands is the newest text that a node has.
        await using var second = await first.StartAnotherAsync(Map);
        foreach (var path in paths)
        {
            await olga.GoAsync(path);
            Assert.Contains(Sure, olga.Find("#earlier-text").TextContent, StringComparison.Ordinal);
            await oleg.GoAsync(path);
            Assert.Contains(SureInRussian, oleg.Find("#earlier-text").TextContent, StringComparison.Ordinal);
        }

        await oleg.GoAsync(paths[0]);
        Assert.Contains(SureInRussian, oleg.Find("ol.events").TextContent, StringComparison.Ordinal);
        Assert.Contains(Sure, await ExplainAsync(second), StringComparison.Ordinal);
        Assert.Contains(Sure, await ShowAsync(), StringComparison.Ordinal);
        Assert.Contains(SureInRussian, await ShowAsync("--lang", "ru"), StringComparison.Ordinal);
        var told = JsonNode.Parse(await ShowAsync("--json"))!["earlierText"]!;
        Assert.Equal((true, null), ((bool)told["isSure"]!, (string?)told["changedBy"]));

        await ChangeAsync(first, $"UPDATE reminders.outbox SET send_started_at = ({NewestSeen}) + interval '30 seconds'");
        await olga.GoAsync(paths[1]);
        Assert.Contains(Maybe, olga.Find("#earlier-text").TextContent, StringComparison.Ordinal);
        Assert.Contains(Maybe, await ExplainAsync(first), StringComparison.Ordinal);

        // Long after the last node of the former text was heard of.
        await ChangeAsync(first, $"UPDATE reminders.outbox SET send_started_at = ({NewestSeen}) + interval '1 day'");
        await olga.GoAsync(paths[0]);
        Assert.Null(olga.Page.QuerySelector("#earlier-text"));
        Assert.DoesNotContain("another text", await ShowAsync(), StringComparison.Ordinal);

        async Task<string> ShowAsync(params string[] more) =>
            (await CommandLine.RunAsync(first.ConnectionString, ["outbox", "show", $"{message}", .. more])).Output;

        async Task<string> ExplainAsync(WebNode node)
        {
            var story = (await node.GetAsync($"/api/bookings/{booking}/explain")).Json["reminders"]!.AsArray();
            var events = story.SelectMany(one => one!["events"]!.AsArray());
            return (string)events.Single(one => (string)one!["step"]! == "deployed")!["text"]!;
        }
    }

    private const string NewestSeen = "SELECT max(first_seen) FROM reminders.text_seen WHERE kind = 'CONFIRM_2H' AND locale = 'en'";

    private static Task ChangeAsync(WebNode node, string sql) => node.Database.ExecuteAsync(sql);

    private static async Task<PlainBrowser> SignInAsync(WebNode node, string login, string language)
    {
        var browser = new PlainBrowser(node.Http.BaseAddress!, language);
        var code = await ConsoleNodes.InviteAsync(node, ConsoleRole.Operator);
        await browser.GoAsync($"/console/join?code={code}");
        await browser.SubmitAsync("main button", ("login", login), ("password", ConsoleNodes.Password));
        Assert.Equal(200, browser.Status);
        return browser;
    }

    private static void Map(Microsoft.AspNetCore.Builder.WebApplication app) =>
        app.MapRemindersConsole("/console", map => map.OwnAccounts = true);
}
