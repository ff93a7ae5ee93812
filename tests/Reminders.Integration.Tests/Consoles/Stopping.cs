using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>An operator stops a kind or a channel at the console: what it would mean is said before, and every page says that it is so.</summary>
public sealed class Stopping(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    [Fact]
    public async Task A_pause_says_what_would_wait_until_when_and_every_page_of_every_node_says_that_it_lasts()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-pauses");
        var booking = await BookAsync("Anna");
        await olga.GoAsync("/console/cluster");
        await olga.FollowAsync("a[href='/console/kinds']");
        await olga.FollowAsync("a[href='/console/kinds/CONFIRM_2H']");
        await olga.FollowAsync("a[href='/console/kinds/CONFIRM_2H/pause']");
        Assert.Contains("Within the next 24 hours, 1 message would leave, and wait instead.", olga.Text, StringComparison.Ordinal);

        // Until half an hour from now: nothing of it is due by then.
        var until = TimeProvider.System.GetUtcNow().AddMinutes(30).ToString("yyyy-MM-dd'T'HH:mm");
        await olga.GoAsync($"/console/kinds/CONFIRM_2H/pause?until={until}");
        Assert.Contains("nothing falls due", olga.Text, StringComparison.Ordinal);
        await olga.SubmitAsync("main form[method=post] button");
        Assert.Equal(422, olga.Status);
        Assert.Equal(until, olga.Find("form[method=post] input[name=until]").GetAttribute("value"));
        await olga.SubmitAsync("main form[method=post] button", ("reason", "The text is wrong"));
        Assert.Contains("Paused.", olga.Text, StringComparison.Ordinal);

        olga.Switch(nodes.SecondAddress);
        foreach (var path in (string[])["/console/day", "/console/outbox", "/console/doctor", "/console/find?q=A"])
        {
            await olga.GoAsync(path);
            Assert.Contains("Paused by olga-pauses on", olga.Find(".paused").TextContent, StringComparison.Ordinal);
            Assert.Contains("The text is wrong", olga.Find(".paused").TextContent, StringComparison.Ordinal);
        }

        // Its story says so as well, where it would be in its way; and doctor.
        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.DoesNotContain("unless this stays as it is", olga.Text, StringComparison.Ordinal);
        await nodes.First.ScalarAsync<string>("UPDATE reminders.kind_pause SET until = NULL RETURNING kind");
        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.Contains("unless this stays as it is: CONFIRM_2H was paused at", olga.Text, StringComparison.Ordinal);
        await olga.GoAsync("/console/doctor");
        Assert.Contains("CONFIRM_2H was paused at", olga.Text, StringComparison.Ordinal);
        await olga.GoAsync("/console/overview");
        Assert.Contains("reminders kinds resume CONFIRM_2H", olga.Text, StringComparison.Ordinal);
        await olga.GoAsync("/console/kinds/CONFIRM_2H/resume");
        Assert.Contains("Nothing waits.", olga.Text, StringComparison.Ordinal);
        await olga.SubmitAsync("main form[method=post] button", ("reason", "Mended"));
        await Eventually.TrueAsync(
            async () =>
            {
                await olga.GoAsync("/console/day");
                return olga.Page.QuerySelector(".paused") is null;
            },
            TimeSpan.FromSeconds(10),
            "no page says it any more"
        );
        Assert.Equal(
            "console:olga-pauses The text is wrong|console:olga-pauses Mended",
            await nodes.First.ScalarAsync<string>(
                "SELECT string_agg(actor || ' ' || reason, '|' ORDER BY id) FROM reminders.audit WHERE about = 'kind CONFIRM_2H'"
            )
        );
    }

    [Fact]
    public async Task A_time_that_is_none_comes_back_with_what_was_typed_and_nothing_is_paused()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-mistypes");
        foreach (var until in (string[])["tomorrow", "2020-01-01T00:00", "9999-12-31T23:59"])
        {
            await olga.GoAsync($"/console/channels/telegram/pause?until={until}");
            var wrong = olga.Page.QuerySelector("#problem")?.TextContent ?? olga.Find(".consequences").TextContent;
            Assert.Matches("Give a day and a time in the future|It would be refused: until", wrong);
            Assert.Equal(until, olga.Find("#until").GetAttribute("value"));
        }

        await olga.GoAsync("/console/channels/telegraph/pause");
        Assert.Equal(404, olga.Status);
        await olga.GoAsync("/console/kinds/CONFIRM_2H/burn");
        Assert.Equal(404, olga.Status);
        Assert.Equal(0, await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.channel WHERE stopped_since IS NOT NULL"));
    }

    private async Task<string> BookAsync(string name)
    {
        var reply = await nodes.First.PostAsync("/api/bookings", WebNode.Booking(name, 4711, TimeSpan.FromHours(4)));
        var id = (string)reply.Json["id"]!;
        Assert.Equal(200, (await nodes.First.PostAsync($"/api/bookings/{id}/approve")).Status);
        return id;
    }
}
