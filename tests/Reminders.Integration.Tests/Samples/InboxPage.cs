using Microsoft.Playwright;
using Reminders.Integration.Tests.Consoles;

namespace Reminders.Integration.Tests.Samples;

/// <summary>samples/Inbox in a real browser: it misses nothing and shows nothing twice, whatever becomes of lines and nodes.</summary>
public sealed class InboxPage(Postgres postgres, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private static readonly Look Desk = new("en", false, false);

    private string _connectionString = "";
    private DeskNode _first = null!;
    private DeskNode _second = null!;
    private SwitchedLine _line = null!;
    private IBrowserContext _browser = null!;
    private IPage _page = null!;
    private long _ticket;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync();
        _first = await DeskNode.StartAsync(_connectionString, "desk-1");
        _second = await DeskNode.StartAsync(_connectionString, "desk-2");
        _line = new(_first.Http.BaseAddress!);
        await _first.KeepAsync("anna");
        _ticket = await _first.OpenAsync("anna");
        _browser = await chromium.OpenAsync(Desk);
        _page = await _browser.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _line.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task The_page_takes_up_on_another_node_where_it_left_off_and_marks_what_was_read()
    {
        await SayAsync(_first, 1);
        await _page.GotoAsync(_line.Address.ToString());
        await _page.FillAsync("[name=name]", "anna");
        await _page.ClickAsync("form button");
        await ShowsAsync("#items li", "#state", "live", 1);
        await SayAsync(_second, 2);
        await ShowsAsync("#items li", "#state", "live", 2);
        await CutAndStopAsync("#items li", "#state");

        await Assertions.Expect(_page.Locator("#unread")).ToHaveTextAsync("6");
        await _page.Locator("#items li button").First.ClickAsync();
        await Assertions.Expect(_page.Locator("#unread")).ToHaveTextAsync("5");
        await Assertions.Expect(_page.Locator("#items li.read")).ToHaveCountAsync(1);
        await _page.ClickAsync("#all");
        await Assertions.Expect(_page.Locator("#unread")).ToHaveTextAsync("0");
        await Assertions.Expect(_page.Locator("#items li.read")).ToHaveCountAsync(6);
    }

    [Fact]
    public async Task What_somebody_wrote_is_text_and_older_ones_are_a_click_away()
    {
        for (var n = 1; n <= 21; n++)
        {
            await SayAsync(_first, n, "<img src=x onerror=alert(1)>");
        }

        await _page.GotoAsync(_line.Address.ToString());
        await _page.FillAsync("[name=name]", "anna");
        await _page.ClickAsync("form button");
        await Assertions.Expect(_page.Locator("#items li")).ToHaveCountAsync(20);
        await _page.ClickAsync("#older");
        await Assertions.Expect(_page.Locator("#items li")).ToHaveCountAsync(21);
        await Assertions.Expect(_page.Locator("#older")).ToBeHiddenAsync();
        await Assertions.Expect(_page.Locator("#items img")).ToHaveCountAsync(0);
        await Assertions.Expect(_page.Locator("#items li").First).ToContainTextAsync("<img src=x");
    }

    [Fact]
    public async Task The_React_component_does_so_too()
    {
        await SayAsync(_first, 1);
        await _page.GotoAsync($"{_line.Address}react.html#{DeskNode.Token("anna")}");
        await SayAsync(_second, 2);
        await ShowsAsync("#root li", "#root p", "2 unread (live)", 2);
        await CutAndStopAsync("#root li", "#root p", "6 unread (live)");
        await _page.Locator("#root li button").First.ClickAsync();
        await Assertions.Expect(_page.Locator("#root p")).ToHaveTextAsync("5 unread (live)");
        await _page.Locator("#root > section > button").First.ClickAsync();
        await Assertions.Expect(_page.Locator("#root p")).ToHaveTextAsync("0 unread (live)");
    }

    /// <summary>The line breaks while more is said, and leads to the other node after that; then that node goes as well.</summary>
    private async Task CutAndStopAsync(string items, string state, string live = "live")
    {
        _line.Cut();
        await Assertions.Expect(_page.Locator(state)).ToContainTextAsync("connecting");
        await SayAsync(_first, 3);
        await SayAsync(_second, 4);
        _line.LeadTo(_second.Http.BaseAddress!);
        await Assertions.Expect(_page.Locator(items)).ToHaveCountAsync(4);
        await Assertions.Expect(_page.Locator(state)).ToContainTextAsync("live");

        await _second.StopAsync();
        await Assertions.Expect(_page.Locator(state)).ToContainTextAsync("connecting");
        await SayAsync(_first, 5);
        _line.LeadTo(_first.Http.BaseAddress!);
        await Assertions.Expect(_page.Locator(state)).ToContainTextAsync("live");
        await SayAsync(_first, 6);
        await ShowsAsync(items, state, live, 6);
    }

    /// <summary>All of them, each once, the newest first.</summary>
    private async Task ShowsAsync(string items, string state, string live, int most)
    {
        await Assertions.Expect(_page.Locator(state)).ToHaveTextAsync(live);
        await Assertions
            .Expect(_page.Locator(items))
            .ToContainTextAsync(Enumerable.Range(1, most).Reverse().Select(n => $"on \"Printer\": {n} hello"));
    }

    private async Task SayAsync(DeskNode node, int n, string what = "hello")
    {
        var said = await node.PostAsync("rita", $"/api/tickets/{_ticket}/add_comment/", $$"""{"comment":"{{n}} {{what}}"}""");
        Assert.True(said.Status == 200, $"{said.Status}: {said.Json}");
    }
}
