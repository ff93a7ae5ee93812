using Microsoft.Playwright;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>A day on paper, and pages in the colours of somebody who chose their own; a picture of each is left to look at.</summary>
public sealed class OtherMedia(ConsoleNodes nodes, Chromium chromium) : IClassFixture<ConsoleNodes>, IClassFixture<Chromium>
{
    [Fact]
    public async Task On_paper_there_is_the_day_in_dark_letters_and_nothing_to_press()
    {
        await nodes.First.BookAsync("Anna");
        // From a dark screen.
        await using var context = await chromium.OpenAsync(new Look("en", true, false));
        var page = await context.NewPageAsync();
        await nodes.JoinAsync(page, ConsoleRole.Operator, "olga-prints", "/overview");
        await page.GotoAsync(new Uri(nodes.FirstAddress, "/console/day?view=week").ToString());
        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await Screens.KeepAsync(page, "day-print");
        Assert.Equal("rgb(0, 0, 0)", await page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await Assertions.Expect(page.Locator("main table tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main thead")).ToBeVisibleAsync();
        foreach (var hidden in (string[])["header nav", ".tabs", "footer"])
        {
            await Assertions.Expect(page.Locator(hidden).First).ToBeHiddenAsync();
        }

        await page.GotoAsync(new Uri(nodes.FirstAddress, "/console/outbox").ToString());
        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(page.Locator("form.filter")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task On_a_phone_the_filter_is_folded_until_one_is_set_and_at_a_desk_it_is_not_both_without_a_script()
    {
        await nodes.First.BookAsync("Fola");
        foreach (var isPhone in (bool[])[true, false])
        {
            await using var context = await chromium.OpenAsync(new Look("en", false, isPhone), scripts: false);
            var page = await context.NewPageAsync();
            await nodes.JoinAsync(page, ConsoleRole.Operator, $"olga-folds-{isPhone}", "/overview");
            await page.GotoAsync(new Uri(nodes.FirstAddress, "/console/outbox?state=dead").ToString());
            var (summary, field) = (page.Locator("details.fold > summary"), page.Locator("#kind"));
            if (isPhone)
            {
                Assert.Equal("Filter", await summary.InnerTextAsync());
                await Assertions.Expect(field).ToBeHiddenAsync();
                Assert.InRange((await page.Locator("details.fold").BoundingBoxAsync())!.Height, 44, 60);
                await summary.ClickAsync();
            }
            else
            {
                await Assertions.Expect(summary).ToBeHiddenAsync();
            }

            await Assertions.Expect(field).ToBeVisibleAsync();
            await page.SelectOptionAsync("#kind", "CONFIRM_2H");
            await page.ClickAsync("form.filter button");
            await Assertions.Expect(field).ToBeVisibleAsync();
            Assert.Contains("CONFIRM_2H", page.Url, StringComparison.Ordinal);
            Assert.Equal("dead", new Uri(page.Url).Query.Split('&')[0].Split('=')[1]);
            Assert.StartsWith("Filter: ", await summary.TextContentAsync(), StringComparison.Ordinal);
            Assert.EndsWith(", CONFIRM_2H", await summary.TextContentAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task In_colours_of_their_own_marks_bars_and_the_current_page_are_seen()
    {
        await nodes.First.BookAsync("Bella");
        await using var context = await chromium.OpenAsync(new Look("ru", true, false));
        var page = await context.NewPageAsync();
        await nodes.JoinAsync(page, ConsoleRole.Operator, "olga-forces", "/overview");
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active, ColorScheme = ColorScheme.Dark });
        await page.GotoAsync(new Uri(nodes.FirstAddress, "/console/day?view=week").ToString());
        await Screens.KeepAsync(page, "day-forced");
        var ink = await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('main')).color");
        Assert.Equal(ink, await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.mark svg')).color"));
        Assert.Equal(
            "solid",
            await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('[aria-current=page]')).outlineStyle")
        );
        await page.GotoAsync(new Uri(nodes.FirstAddress, "/console/overview").ToString());
        await Screens.KeepAsync(page, "overview-forced");
        var bar = await page.EvaluateAsync<string>(
            """
            (() => {
                document.querySelector('main').insertAdjacentHTML('beforeend', '<svg class="chart"><rect class="bar-sent"></rect></svg>');
                return getComputedStyle(document.querySelector('.chart .bar-sent')).fill;
            })()
            """
        );
        Assert.Equal(ink, bar);
    }
}
