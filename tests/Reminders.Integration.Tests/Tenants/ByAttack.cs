using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Integration.Tests.Consoles;
using Reminders.Integration.Tests.Support;
using Reminders.Telegram;
using Reminders.Web.Console;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Tenants;

/// <summary>
/// Whatever opens something at one tenant opens nothing at the other, in the same process and database, under the same names.
/// </summary>
public sealed class ByAttack(Postgres postgres)
{
    private const long Anna = TenantsApp.Tenant.Candidate;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_key_a_token_and_a_ticket_open_nothing_of_the_other()
    {
        await using var app = await TenantsApp.StartAsync(postgres);
        await app.A.ApproveAsync();
        await app.B.ApproveAsync();
        var (key, others) = (await app.A.KeyAsync(ApiRole.Operator), await app.B.KeyAsync(ApiRole.Operator));
        foreach (var path in (string[])["/api/audit", "/api/recipients/anna", "/api/outbox", "/api/channels", "/api/doctor"])
        {
            Assert.Equal((path, 200), (path, (await app.A.AskAsync(HttpMethod.Get, path, key)).Status));
            Assert.Equal((path, 401), (path, (await app.B.AskAsync(HttpMethod.Get, path, key)).Status));
        }

        var token = (string)(await app.A.AskAsync(HttpMethod.Post, "/api/tokens", key, """{"recipient":"anna"}""")).Json["token"]!;
        Assert.Equal(200, (await app.A.AskAsync(HttpMethod.Get, "/api/notifications/", token)).Status);
        Assert.Equal(401, (await app.B.AskAsync(HttpMethod.Get, "/api/notifications/", token)).Status);
        var ticket = (string)(await app.A.AskAsync(HttpMethod.Post, "/api/notifications/ticket/", token)).Json["ticket"]!;
        Assert.Equal(401, (await app.B.AskAsync(HttpMethod.Get, "/api/notifications/", ticket)).Status);

        // The same key of a request: the one who was not asked has done nothing, and does its own when it is asked.
        var (booking, again) = (Web.WebNode.Booking(), ("Idempotency-Key", "one-key"));
        var made = await app.A.AskAsync(HttpMethod.Post, "/api/bookings", key, booking, again);
        Assert.Equal(201, made.Status);
        Assert.Equal(401, (await app.B.AskAsync(HttpMethod.Post, "/api/bookings", key, booking, again)).Status);
        var own = await app.B.AskAsync(HttpMethod.Post, "/api/bookings", others, booking, again);
        Assert.Equal(201, own.Status);
        Assert.NotEqual((string)made.Json["id"]!, (string)own.Json["id"]!);
        Assert.Equal(404, (await app.B.AskAsync(HttpMethod.Get, $"/api/bookings/{made.Json["id"]}", others)).Status);
        Assert.Equal(404, (await app.B.AskAsync(HttpMethod.Post, $"/api/bookings/{made.Json["id"]}/approve", others)).Status);
    }

    [Fact]
    public async Task A_button_a_link_and_a_start_code_change_nothing_at_the_other()
    {
        await using var app = await TenantsApp.StartAsync(postgres);
        await app.A.ApproveAsync();
        await app.B.ApproveAsync();
        var (question, others) = (await app.A.QuestionAsync(), await app.B.QuestionAsync());

        // Under the other's own message, and in the same chat.
        app.B.Telegram.Press(Anna, others.MessageId, question.Buttons[0].Data!);
        await app.B.Telegram.Record.WaitForAsync(record => record.Answers.Count == 1, Patience);
        Assert.Equal(
            "press: Unknown",
            await app.B.ScalarAsync<string>("SELECT effect FROM reminders.inbound_update ORDER BY seq DESC LIMIT 1")
        );

        var link = new Uri(question.Text.Split(' ').Last()).AbsolutePath;
        Assert.StartsWith("/a/answer/", link, StringComparison.Ordinal);
        Assert.Equal(200, (await app.A.AskAsync(HttpMethod.Get, link[2..])).Status);
        Assert.Equal(404, (await app.B.AskAsync(HttpMethod.Get, link[2..])).Status);
        Assert.Equal(404, (await app.B.AskAsync(HttpMethod.Post, $"{link[2..]}/confirm")).Status);

        var code = await CodeAsync(app.A, "start_code");
        Assert.Equal(BindResult.UnknownCode, await app.B.SendAsync(new BindChat(6006, code)));
        app.B.Telegram.SendText(6006, $"/start {code}");
        await Eventually.TrueAsync(
            () => app.B.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.inbound_update WHERE effect = 'start: UnknownCode')"),
            Patience,
            "the code was tried"
        );
        Assert.Equal(404, (await app.B.AskAsync(HttpMethod.Post, $"/unsubscribe/{await CodeAsync(app.A, "unsubscribe_code")}")).Status);

        Assert.Equal(("approved", "approved"), (await app.A.StatusAsync(), await app.B.StatusAsync()));
        Assert.Equal(0, await app.B.ScalarAsync<long>("SELECT count(*) FROM reminders.address WHERE address = '6006'"));
        Assert.Equal(0, await app.B.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
        // And each is still answered by its own.
        app.B.Telegram.PressButton(Anna, others.MessageId, 0);
        await Eventually.TrueAsync(async () => await app.B.StatusAsync() == "confirmed", Patience, "b's own press counts");
        Assert.Equal("approved", await app.A.StatusAsync());
    }

    [Fact]
    public async Task What_is_posted_with_the_others_secret_is_refused_and_not_kept()
    {
        await using var app = await TenantsApp.StartAsync(postgres, webhook: true);
        Assert.Equal(401, (await PostAsync(app.B, app.A.WebhookSecret)).Status);
        Assert.Equal(0, await app.B.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update"));
        Assert.Equal(200, (await PostAsync(app.B, app.B.WebhookSecret)).Status);
        Assert.Equal(1, await app.B.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update"));
        Assert.Equal(0, await app.A.ScalarAsync<long>("SELECT count(*) FROM reminders.inbound_update"));

        static Task<Web.Reply> PostAsync(TenantsApp.Tenant tenant, string secret) =>
            tenant.AskAsync(
                HttpMethod.Post,
                "/telegram/webhook",
                json: """{"update_id":71}""",
                headers: ("X-Telegram-Bot-Api-Secret-Token", secret)
            );
    }

    [Fact]
    public async Task Whoever_is_signed_in_to_the_console_of_one_is_nobody_at_the_others()
    {
        await using var app = await TenantsApp.StartAsync(postgres);
        var invited = await app
            .A.Engine.GetRequiredService<ConsoleAccounts>()
            .InviteAsync(ConsoleRole.Operator, null, "test", TestContext.Current.CancellationToken);
        var code = Assert.IsType<Outcome<string>.Done>(invited).Value;
        using var browser = new PlainBrowser(app.Http.BaseAddress!);
        await browser.GoAsync($"/console/b/join?code={code}");
        // Whether it shows a form for it or not.
        if (browser.Page.QuerySelector("main button") is not null)
        {
            await browser.SubmitAsync("main button", ("login", "olga"), ("password", ConsoleNodes.Password));
        }

        Assert.DoesNotContain("overview", browser.Path, StringComparison.Ordinal);
        await browser.GoAsync($"/console/a/join?code={code}");
        using var joined = await browser.SendOnlyAsync(browser.Form("main button", ("login", "olga"), ("password", ConsoleNodes.Password)));
        var cookie = joined.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("reminders.console.a=", StringComparison.Ordinal));
        Assert.Contains("path=/console/a", cookie, StringComparison.OrdinalIgnoreCase);
        var value = cookie.Split(';')[0].Split('=', 2)[1];

        Assert.Equal(HttpStatusCode.OK, await OpenAsync("a", $"reminders.console.a={value}"));
        foreach (var stolen in (string[])[$"reminders.console.a={value}", $"reminders.console.b={value}", $"reminders.console={value}"])
        {
            Assert.Equal(HttpStatusCode.Redirect, await OpenAsync("b", stolen));
        }

        Assert.Equal(0, await app.B.ScalarAsync<long>("SELECT count(*) FROM reminders.account"));

        async Task<HttpStatusCode> OpenAsync(string tenant, string sent)
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
            using var http = new HttpClient(handler) { BaseAddress = app.Http.BaseAddress };
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/console/{tenant}/overview");
            request.Headers.Add("Cookie", sent);
            using var reply = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return reply.StatusCode;
        }
    }

    private static Task<string> CodeAsync(TenantsApp.Tenant tenant, string column) =>
        tenant.ScalarAsync<string>($"SELECT {column} FROM reminders.recipient WHERE reference = 'anna'");
}
