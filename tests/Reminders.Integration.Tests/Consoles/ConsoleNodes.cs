using Microsoft.Extensions.DependencyInjection;
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
        var code = Assert
            .IsType<Outcome<string>.Done>(await Accounts.InviteAsync(role, recruiter, "test", TestContext.Current.CancellationToken))
            .Value;
        var browser = new PlainBrowser(FirstAddress, language);
        await browser.GoAsync($"/console/join?code={code}");
        await browser.SubmitAsync("main button", ("login", login), ("password", Password));
        Assert.Equal(200, browser.Status);
        return browser;
    }

    private static void Map(Microsoft.AspNetCore.Builder.WebApplication app) =>
        app.MapRemindersConsole("/console", map => map.OwnAccounts = true);
}
