using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// The console in an app that has a sign-in of its own, refuses whatever it does not know, stands below a path, and has no antiforgery.
/// </summary>
public sealed class InSomebodysApp(Postgres postgres) : IAsyncLifetime
{
    private WebApplication _app = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([
            new("Reminders:ConnectionString", await postgres.CreateDatabaseAsync()),
            new("Reminders:MigrateAtStart", "false"),
        ]);
        builder.Services.AddAuthentication("app").AddCookie("app", cookie => cookie.LoginPath = "/their/sign-in");
        builder
            .Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy("desk", policy => policy.RequireClaim("desk"));
        builder.Services.AddReminders(builder.Configuration.GetSection("Reminders"));
        _app = builder.Build();
        _app.UsePathBase("/intra");
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet(
                "/their/sign-in",
                async (HttpContext http, string? role) =>
                {
                    if (role is null)
                    {
                        return "the app's own sign-in";
                    }

                    List<Claim> claims = [new(ClaimTypes.Name, "olga"), new("desk", "yes"), new("role", role)];
                    await http.SignInAsync("app", new(new ClaimsIdentity(claims, "app")));
                    return role;
                }
            )
            .AllowAnonymous();
        _app.MapRemindersConsole("/ops/reminders", map => map.Person = Who).RequireAuthorization("desk");
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _address = new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_meets_the_apps_own_sign_in_on_every_path()
    {
        using var browser = new PlainBrowser(_address);
        foreach (var path in (string[])["", "/", "/overview", "/assets/x/console.css", "/live", "/sign-in"])
        {
            await browser.GoAsync($"/intra/ops/reminders{path}");
            Assert.StartsWith("/intra/their/sign-in", browser.Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_the_app_knows_is_who_it_says_and_every_link_is_below_where_it_stands()
    {
        using var browser = new PlainBrowser(_address);
        await browser.GoAsync("/intra/their/sign-in?role=operator");
        await browser.GoAsync("/intra/ops/reminders/");
        Assert.Equal("/intra/ops/reminders/overview", browser.Path);
        Assert.Contains("olga, operator", browser.Page.QuerySelector("footer")!.TextContent, StringComparison.Ordinal);
        Assert.All(
            browser.Page.QuerySelectorAll("a[href^='/'], link[href], script[src], form[action]"),
            one =>
                Assert.StartsWith(
                    "/intra/ops/reminders/",
                    one.GetAttribute("href") ?? one.GetAttribute("src") ?? one.GetAttribute("action"),
                    StringComparison.Ordinal
                )
        );
        await browser.SubmitAsync("footer button[name=language]");
        Assert.Equal("ru", browser.Page.DocumentElement.GetAttribute("lang"));
        await browser.GoAsync("/intra/ops/reminders/accounts");
        Assert.Equal(404, browser.Status);
    }

    [Theory]
    [InlineData("nobody", "en", "en", "The app that signed you in gives you no role here.")]
    [InlineData("nobody", "ru", "ru", "Приложение, где вы вошли, не даёт вам здесь никакой роли.")]
    [InlineData("not-there", "en", "ru", "Человека «not-there», чьи записи были бы показаны, нет.")]
    [InlineData("long", "en", "ru", "Имя, которое даёт приложение, должно быть от 1 до 100 символов.")]
    public async Task Whom_the_app_knows_and_the_console_does_not_comes_no_further_and_reads_why_in_their_language(
        string role,
        string browsers,
        string theirs,
        string why
    )
    {
        using var browser = new PlainBrowser(_address, browsers);
        await browser.GoAsync($"/intra/their/sign-in?role={role}");
        await browser.GoAsync("/intra/ops/reminders/overview");
        Assert.Equal(403, browser.Status);
        Assert.Equal(theirs, browser.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains(why, browser.Text, StringComparison.Ordinal);
    }

    private static ConsolePerson? Who(ClaimsPrincipal user) =>
        user.FindFirstValue("role") switch
        {
            "operator" => new(user.Identity!.Name!, ConsoleRole.Operator, Language: "en", Zone: "Europe/Moscow"),
            "nobody" => null,
            "long" => new(new string('x', 101), ConsoleRole.Operator, Language: "ru"),
            var role => new(user.Identity!.Name!, ConsoleRole.Recruiter, role, Language: "ru"),
        };
}
