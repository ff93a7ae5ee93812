using System.Globalization;
using Microsoft.Playwright;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// The step before an act, as a dialog where there is a script: the same page of the server's, over the one that it is about. The harmless
/// button has the focus, nothing moves beneath it, and what is posted is the form of the page.
/// </summary>
public sealed class Asking(ConsoleNodes nodes, Chromium chromium) : IClassFixture<ConsoleNodes>, IClassFixture<Chromium>
{
    private static readonly Look Desk = new("en", false, false);

    [Fact]
    public async Task By_keys_alone_it_is_opened_left_opened_again_and_done()
    {
        var id = await nodes.First.BookAsync("Anna");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-asks", $"/console/bookings/{id}");
        await page.Keyboard.PressAsync("a");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveAccessibleNameAsync("Approve the booking of Anna");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Leave it as it is" })).ToBeFocusedAsync();
        await Assertions.Expect(dialog.Locator(".consequences")).ToContainTextAsync("Anna gets one message on");
        Assert.Empty(await Axe.JudgeAsync(page));

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("a[data-key=a]")).ToBeFocusedAsync();
        Assert.Equal("proposed", await StatusAsync(id));

        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".done")).ToHaveTextAsync("Approved.");
        Assert.Equal("approved", await StatusAsync(id));
    }

    [Fact]
    public async Task A_time_is_typed_in_it_and_what_it_would_come_to_is_said_in_it()
    {
        var id = await nodes.First.BookAsync("Bella");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-moves", $"/console/bookings/{id}");
        await page.ClickAsync("a[data-key=m]");
        var start = TimeProvider.System.GetUtcNow().AddDays(40).ToString("yyyy-MM-dd'T'15:00", CultureInfo.InvariantCulture);
        await page.FillAsync("dialog #start", start);
        await page.ClickAsync("dialog button.main");
        await Assertions.Expect(page.Locator("dialog h2").First).ToHaveTextAsync("Move the booking of Bella");
        await page.ClickAsync("dialog form[method=post] button.main");
        await Assertions.Expect(page.Locator(".done")).ToHaveTextAsync("Moved.");
        Assert.Equal(
            start[..10],
            await nodes.First.ScalarAsync<string>("SELECT to_char(happens_at, 'YYYY-MM-DD') FROM reminders.subject WHERE key = $1", id)
        );
    }

    [Fact]
    public async Task While_it_is_open_nothing_moves_and_what_changed_beneath_it_is_said_when_it_is_posted()
    {
        var id = await nodes.First.BookAsync("Clara");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-late", $"/console/bookings/{id}");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.ClickAsync("a[data-key=x]");
        await Assertions.Expect(page.Locator("dialog .consequences")).ToBeVisibleAsync();
        var before = await page.Locator("#main").InnerHTMLAsync();
        Assert.Equal(200, (await nodes.Second.PostAsync($"/api/bookings/{id}/approve")).Status);
        // Somebody else's page has it by now.
        var other = await context.NewPageAsync();
        await other.GotoAsync(new Uri(nodes.FirstAddress, $"/console/bookings/{id}").ToString());
        await Assertions.Expect(other.Locator("#main")).ToContainTextAsync("reminder");
        Assert.Equal(before, await page.Locator("#main").InnerHTMLAsync());

        await page.ClickAsync("dialog form[method=post] button.main");
        await Assertions.Expect(page.Locator("#problem")).ToContainTextAsync("It was changed after this page was made");
        Assert.Equal("approved", await StatusAsync(id));
    }

    /// <summary>Where the server has no answer the link is followed, and the server's own page says why.</summary>
    [Fact]
    public async Task What_is_gone_is_said_by_the_page_itself()
    {
        var id = await nodes.First.BookAsync("Daria");
        await using var context = await chromium.OpenAsync(Desk);
        var page = await OpenAsync(context, "olga-gone", $"/console/bookings/{id}");
        await page.EvaluateAsync("{ const link = document.querySelector('a[data-key=x]'); link.href += 'led'; link.click(); }");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("There is nothing here");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, string login, string path)
    {
        var page = await context.NewPageAsync();
        await nodes.JoinAsync(page, ConsoleRole.Operator, login, "/overview");
        await page.GotoAsync(new Uri(nodes.FirstAddress, path).ToString());
        return page;
    }

    private Task<string> StatusAsync(object id) =>
        nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", $"{id}");
}
