using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Reminders.Commands;
using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;
using Reminders.Web.Console.Accounts;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Two nodes with the console, on one database.</summary>
public sealed class ConsoleNodes(Postgres postgres) : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    internal Postgres Postgres => postgres;

    internal WebNode First { get; private set; } = null!;

    internal WebNode Second { get; private set; } = null!;

    internal ConsoleAccounts Accounts => AccountsOf(First);

    internal static ConsoleAccounts AccountsOf(WebNode node) => node.Engine.GetRequiredService<ConsoleAccounts>();

    internal Uri FirstAddress => First.Http.BaseAddress!;

    internal Uri SecondAddress => Second.Http.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        First = await WebNode.StartAsync(postgres, Map);
        Second = await First.StartAnotherAsync(Map);
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }

    /// <summary>Somebody who has just made an account.</summary>
    /// <param name="recruiter">The reference of the person that a recruiter is.</param>
    internal async Task<PlainBrowser> SignInAsync(ConsoleRole role, string login, string? recruiter = null, string language = "en")
    {
        var browser = new PlainBrowser(FirstAddress, language);
        await browser.GoAsync(await JoinPathAsync(role, recruiter));
        await browser.SubmitAsync("main button", ("login", login), ("password", Password));
        Assert.Equal(200, browser.Status);
        return browser;
    }

    /// <summary>Makes an account in a real browser, which then stands on the first page.</summary>
    /// <param name="first">The path of that page, below the console's.</param>
    internal async Task JoinAsync(IPage page, ConsoleRole role, string login, string first, string? recruiter = null)
    {
        await page.GotoAsync(new Uri(FirstAddress, await JoinPathAsync(role, recruiter)).ToString());
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("main button[type=submit]");
        // Asked of the browser until it is so. WaitForURL looks once and subscribes then: a page that comes between is waited for in vain.
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(FirstAddress, $"/console{first}").ToString());
    }

    internal async Task<string> JoinPathAsync(ConsoleRole role, string? recruiter = null) =>
        $"/console/join?code={await InviteAsync(First, role, recruiter)}";

    /// <returns>The code of an invitation.</returns>
    internal static async Task<string> InviteAsync(WebNode node, ConsoleRole role, string? recruiter = null)
    {
        var invited = await AccountsOf(node).InviteAsync(role, recruiter, "test", TestContext.Current.CancellationToken);
        return Assert.IsType<Outcome<string>.Done>(invited).Value;
    }

    private static void Map(Microsoft.AspNetCore.Builder.WebApplication app) =>
        app.MapRemindersConsole("/console", map => map.OwnAccounts = true);
}
