using Microsoft.Playwright;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>An open page follows what happens on whichever node, and takes nothing from whoever is looking.</summary>
public sealed class Following(ConsoleNodes nodes, Chromium chromium) : IClassFixture<ConsoleNodes>, IClassFixture<Chromium>
{
    private static readonly Look Desk = new("en", false, false);

    [Fact]
    public async Task What_is_approved_on_another_node_is_on_the_page_and_what_was_typed_and_has_the_focus_stays()
    {
        var id = await nodes.First.BookAsync("Anna");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-follows", "/console/day?view=week");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await Assertions.Expect(page.Locator($"#booking-{id} .mark")).ToHaveTextAsync("Requested");
        await page.FillAsync("#date", "2031-01-05");
        await page.FillAsync("#find", "half a sen");
        Assert.Equal(200, (await nodes.Second.PostAsync($"/api/bookings/{id}/approve")).Status);
        await Assertions.Expect(page.Locator($"#booking-{id} .mark")).ToHaveTextAsync("Approved");
        // Heard, and not the whole table with it.
        await Assertions.Expect(page.Locator("#say")).ToContainTextAsync("Anna, Approved");
        Assert.Equal("half a sen", await page.InputValueAsync("#find"));
        Assert.Equal("2031-01-05", await page.InputValueAsync("#date"));
        Assert.Equal("find", await page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task Whoever_is_disabled_hears_that_the_session_is_over_and_keeps_the_page()
    {
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-out", "/console/outbox");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.FillAsync("#person", "typed before");
        Assert.True(await nodes.Accounts.DisableAsync("olga-out", "test"));
        await Assertions.Expect(page.Locator("#live")).ToContainTextAsync("Your session is over", new() { Timeout = 10_000 });
        Assert.Equal("typed before", await page.InputValueAsync("#person"));
        Assert.EndsWith("/console/outbox", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_wants_it_to_stand_still_says_so()
    {
        var id = await nodes.First.BookAsync("Daria");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-still", "/console/day?view=week");
        await page.ClickAsync("#still");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#still")).ToHaveTextAsync("Update live");
        Assert.Equal(200, (await nodes.Second.PostAsync($"/api/bookings/{id}/approve")).Status);
        await page.ClickAsync("#still");
        await Assertions.Expect(page.Locator($"#booking-{id} .mark")).ToHaveTextAsync("Approved");
    }

    [Fact]
    public async Task What_is_new_above_the_row_that_somebody_is_at_waits_until_it_is_asked_for()
    {
        var later = await BookAsync("Later", TimeSpan.FromDays(20) + TimeSpan.FromHours(2));
        await using var context = await chromium.OpenAsync(Desk);
        var day = TimeProvider.System.GetUtcNow().AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var page = await OpenAsync(context, "olga-new", $"/console/day?view=week&date={day}");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.FocusAsync($"#booking-{later} a");
        var place = await page.EvaluateAsync<double>("document.activeElement.getBoundingClientRect().top");
        var sooner = await BookAsync("Sooner", TimeSpan.FromDays(20) + TimeSpan.FromHours(1));
        await Assertions.Expect(page.Locator("#new")).ToHaveTextAsync("1 new, show");
        Assert.Equal(0, await page.Locator($"#booking-{sooner}").CountAsync());
        // What is there already is followed all the same, in its place.
        Assert.Equal(200, (await nodes.Second.PostAsync($"/api/bookings/{later}/approve")).Status);
        await Assertions.Expect(page.Locator($"#booking-{later} .mark")).ToHaveTextAsync("Approved");
        Assert.Equal(place, await page.EvaluateAsync<double>("document.activeElement.getBoundingClientRect().top"));
        await page.ClickAsync("#new");
        await Assertions.Expect(page.Locator($"#booking-{sooner} .mark")).ToHaveTextAsync("Requested");
        await Assertions.Expect(page.Locator("#new")).ToBeHiddenAsync();
    }

    private async Task<string> BookAsync(string name, TimeSpan startsIn) =>
        (string)(await nodes.First.PostAsync("/api/bookings", WebNode.Booking(name, 1001, startsIn))).Json["id"]!;

    private async Task<IPage> OpenAsync(IBrowserContext context, string login, string path)
    {
        var page = await context.NewPageAsync();
        await nodes.JoinAsync(page, ConsoleRole.Operator, login, "/overview");
        await page.GotoAsync(new Uri(nodes.FirstAddress, path).ToString());
        return page;
    }
}
