using Reminders.Integration.Tests.Web;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Who gets into the console, and who does not any more.</summary>
public sealed class ComingIn(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_code_makes_one_administrator_though_two_browsers_have_it_and_is_of_no_use_after()
    {
        await using var empty = await WebNode.StartAsync(
            nodes.Postgres,
            app => app.MapRemindersConsole("/console", map => map.OwnAccounts = true)
        );
        var accounts = ConsoleNodes.AccountsOf(empty);
        // Each node prints one of its own.
        var codes = new[] { (await accounts.FirstAsync(Stop))!, (await accounts.FirstAsync(Stop))! };
        using var one = new PlainBrowser(empty.Http.BaseAddress!);
        using var two = new PlainBrowser(empty.Http.BaseAddress!);
        await Task.WhenAll(one.GoAsync($"/console/join?code={codes[0]}"), two.GoAsync($"/console/join?code={codes[1]}"));
        await Task.WhenAll(
            one.SubmitAsync("main button", ("login", "olga"), ("password", ConsoleNodes.Password)),
            two.SubmitAsync("main button", ("login", "rita"), ("password", ConsoleNodes.Password))
        );
        Assert.Equal([200, 422], new[] { one.Status, two.Status }.Order());
        Assert.Equal(1L, await empty.ScalarAsync<long>("SELECT count(*) FROM reminders.account WHERE role = 'administrator'"));
        Assert.Null(await accounts.FirstAsync(Stop));
    }

    [Theory]
    [InlineData("en", "24 letters and digits", "for 60 minutes", "Copy it once more", "ask for a new one")]
    [InlineData("ru", "24 буквы и цифры", "60 минут", "Скопируйте его ещё раз", "попросите новый")]
    public async Task Whoever_needs_a_code_reads_what_it_is_and_what_to_do_where_it_is_none_or_is_good_no_more(
        string language,
        string what,
        string life,
        string copied,
        string asked
    )
    {
        using var boris = new PlainBrowser(nodes.FirstAddress, language);
        await boris.GoAsync("/console/join");
        var hint = boris.Find("#code-hint").TextContent;
        Assert.Contains(what, hint, StringComparison.Ordinal);
        Assert.Contains(life, hint, StringComparison.Ordinal);
        Assert.Contains("reminders accounts invite", hint, StringComparison.Ordinal);
        Assert.Contains("reminders accounts reset", hint, StringComparison.Ordinal);
        Assert.StartsWith("code-hint", boris.Find("#code").GetAttribute("aria-describedby"), StringComparison.Ordinal);

        await boris.SubmitAsync("main button", ("code", "ABCD"), ("login", "boris-hints"), ("password", ConsoleNodes.Password));
        Assert.Equal(422, boris.Status);
        Assert.Contains(copied, boris.Find("#code-wrong").TextContent, StringComparison.Ordinal);

        // One that holds no more.
        await boris.GoAsync(await nodes.JoinPathAsync(ConsoleRole.Operator));
        await using (var age = nodes.First.Database.CreateCommand("UPDATE reminders.invitation SET expires_at = now()"))
        {
            await age.ExecuteNonQueryAsync(Stop);
        }

        await boris.SubmitAsync("main button", ("login", "boris-hints"), ("password", ConsoleNodes.Password));
        Assert.Equal(422, boris.Status);
        Assert.Contains(asked, boris.Find("#code-wrong").TextContent, StringComparison.Ordinal);
        Assert.Contains("reminders accounts invite", boris.Find("#code-wrong").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_login_and_a_wrong_password_hear_the_same_and_after_five_tries_it_is_locked_on_every_node()
    {
        using var anna = await nodes.SignInAsync(ConsoleRole.Operator, "anna");
        using var somebody = new PlainBrowser(nodes.FirstAddress);
        var said = new List<string>();
        foreach (var login in (string[])["anna", "nobody-at-all"])
        {
            for (var attempt = 1; attempt <= 5; attempt++)
            {
                await somebody.GoAsync("/console/sign-in");
                await somebody.SubmitAsync("main button", ("login", login), ("password", "not this one"));
            }

            Assert.Equal(422, somebody.Status);
            said.Add(somebody.Find("#wrong").TextContent);
            somebody.Switch(nodes.SecondAddress);
            await somebody.GoAsync("/console/sign-in");
            await somebody.SubmitAsync("main button", ("login", login), ("password", ConsoleNodes.Password));
            Assert.Equal(429, somebody.Status);
            Assert.Contains("15 minutes", somebody.Find("#wrong").TextContent, StringComparison.Ordinal);
            Assert.True(somebody.Reply.Headers.RetryAfter!.Delta > TimeSpan.FromMinutes(10));
            somebody.Switch(nodes.FirstAddress);
        }

        Assert.Equal(said[0], said[1]);
        // Who is in stays in.
        await anna.GoAsync("/console/outbox");
        Assert.Equal(200, anna.Status);
    }

    [Fact]
    public async Task Whoever_is_disabled_or_has_another_password_is_out_on_every_node_at_once()
    {
        using var boris = await nodes.SignInAsync(ConsoleRole.Operator, "boris");
        using var admin = await nodes.SignInAsync(ConsoleRole.Administrator, "admin-of-boris");
        boris.Switch(nodes.SecondAddress);
        await boris.GoAsync("/console/overview");
        Assert.Equal("/console/overview", boris.Path);
        await admin.GoAsync("/console/accounts");
        await admin.SubmitAsync("button[aria-label='Code for another password: boris']");
        var code = admin.Find(".done").TextContent.Split(' ')[^1];
        await boris.GoAsync($"/console/join?code={code}");
        await boris.SubmitAsync("main button", ("login", "boris"), ("password", "another one entirely"));
        await boris.GoAsync("/console/overview");
        Assert.Equal(200, boris.Status);
        await admin.GoAsync("/console/accounts");
        await admin.FollowAsync("a[aria-label='Disable: boris']");
        await admin.SubmitAsync("main form[method=post] button.main");
        await boris.GoAsync("/console/overview");
        Assert.StartsWith("/console/sign-in", boris.Path, StringComparison.Ordinal);
        await boris.SubmitAsync("main button", ("login", "boris"), ("password", "another one entirely"));
        Assert.Equal(422, boris.Status);
    }

    [Fact]
    public async Task A_session_that_is_over_comes_back_to_where_it_was()
    {
        using var clara = await nodes.SignInAsync(ConsoleRole.Operator, "clara");
        await clara.GoAsync("/console/day");
        await clara.SubmitAsync("button[name=all]");
        Assert.Equal("/console/sign-in", clara.Path);
        await clara.GoAsync("/console/outbox?state=dead");
        await clara.SubmitAsync("main button", ("login", "clara"), ("password", ConsoleNodes.Password));
        Assert.Equal("/console/outbox?state=dead", clara.Path);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example")]
    public async Task Nobody_is_sent_elsewhere_by_a_link_to_the_sign_in(string to)
    {
        using var browser = new PlainBrowser(nodes.FirstAddress);
        await browser.GoAsync($"/console/sign-in?to={Uri.EscapeDataString(to)}");
        Assert.Equal("/", browser.Find("input[name=to]").GetAttribute("value"));
    }

    [Fact]
    public async Task A_console_that_opens_to_nobody_does_not_start()
    {
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WebNode.StartAsync(nodes.Postgres, app => app.MapRemindersConsole("/console", _ => { }))
        );
        Assert.Contains("OwnAccounts", wrong.Message, StringComparison.Ordinal);
    }
}
