using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Every route of the console as whoever may not take it: the table is walked, so that a new one cannot be forgotten.</summary>
public sealed class WhoSeesWhat(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static readonly string[] Open = ["/assets/{hash}/{name}", "/sign-in", "/join", "/look", "/sign-out"];
    private static readonly string[] Recruiters =
    [
        "/",
        "/day",
        "/bookings/{id:guid}",
        "/bookings/{id:guid}/{act}",
        "/bookings/{id:guid}/start.svg",
        "/live",
    ];
    private static readonly string[] Administrators =
    [
        "/accounts",
        "/accounts/invite",
        "/accounts/reset",
        "/accounts/change/{act}",
        "/keys",
        "/keys/create",
        "/keys/revoke",
    ];

    [Fact]
    public async Task Without_a_session_each_route_sends_to_the_sign_in_and_as_a_recruiter_says_that_it_is_not_theirs()
    {
        await nodes.First.BookAsync();
        var reference = await nodes.First.ScalarAsync<string>("SELECT reference FROM reminders.recipient WHERE name = 'Rita' LIMIT 1");
        using var nobody = new PlainBrowser(nodes.FirstAddress);
        using var rita = await nodes.SignInAsync(ConsoleRole.Recruiter, "rita-who", reference);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-who");
        var walked = 0;
        foreach (var (method, route) in Routes().Where(one => !Open.Contains(one.Route)))
        {
            walked++;
            var path =
                "/console"
                + route
                    .Replace("{id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                    .Replace("{id:long}", "1", StringComparison.Ordinal)
                    .Replace("{act}", "cancel", StringComparison.Ordinal)
                    .Replace("{name}", "telegram", StringComparison.Ordinal)
                    .Replace("{kind}", "CONFIRM_2H", StringComparison.Ordinal);
            var reply = await nobody.SendOnlyAsync(new(method, new Uri(nodes.FirstAddress, path)));
            // A stream is not sent to another page.
            var refusal = route == "/live" ? HttpStatusCode.Unauthorized : HttpStatusCode.Found;
            Assert.True(reply.StatusCode == refusal, $"{method} {route} answers {reply.StatusCode} to nobody");
            Assert.StartsWith("/console/sign-in", reply.Headers.Location?.ToString() ?? "/console/sign-in", StringComparison.Ordinal);
            if (!Recruiters.Contains(route))
            {
                var refused = await rita.SendOnlyAsync(new(method, new Uri(nodes.FirstAddress, path)));
                Assert.True(
                    refused.StatusCode == HttpStatusCode.Forbidden,
                    $"{method} {route} answers {refused.StatusCode} to a recruiter"
                );
            }

            if (Administrators.Contains(route))
            {
                var refused = await olga.SendOnlyAsync(new(method, new Uri(nodes.FirstAddress, path)));
                Assert.True(
                    refused.StatusCode == HttpStatusCode.Forbidden,
                    $"{method} {route} answers {refused.StatusCode} to an operator"
                );
            }
        }

        Assert.True(walked > 15, $"Only {walked} routes were walked.");
    }

    [Fact]
    public async Task No_form_is_taken_without_its_token_or_with_anothers()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Administrator, "olga-forms");
        using var other = await nodes.SignInAsync(ConsoleRole.Administrator, "other-forms");
        await other.GoAsync("/console/accounts");
        var theirs = other.Find("input[name=__RequestVerificationToken]").GetAttribute("value")!;
        foreach (var (method, route) in Routes().Where(one => one.Method == HttpMethod.Post))
        {
            var path =
                "/console"
                + route
                    .Replace("{id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                    .Replace("{id:long}", "1", StringComparison.Ordinal)
                    .Replace("{act}", "cancel", StringComparison.Ordinal)
                    .Replace("{name}", "telegram", StringComparison.Ordinal)
                    .Replace("{kind}", "CONFIRM_2H", StringComparison.Ordinal);
            foreach (var token in (string?[])[null, "nonsense", theirs])
            {
                var fields = token is null ? [] : new Dictionary<string, string> { ["__RequestVerificationToken"] = token };
                using var form = new HttpRequestMessage(method, new Uri(nodes.FirstAddress, path))
                {
                    Content = new FormUrlEncodedContent(fields),
                };
                var reply = await olga.SendOnlyAsync(form);
                Assert.True(reply.StatusCode == HttpStatusCode.BadRequest, $"{route} answers {reply.StatusCode} to the token {token}");
            }
        }
    }

    [Fact]
    public async Task A_recruiter_finds_their_own_bookings_and_no_others()
    {
        var theirs = await BookAsync("Rita One", 9101);
        var others = await BookAsync("Boris Two", 9102);
        var reference = await nodes.First.ScalarAsync<string>("SELECT reference FROM reminders.recipient WHERE name = 'Rita One'");
        using var rita = await nodes.SignInAsync(ConsoleRole.Recruiter, "rita-one", reference);
        await rita.GoAsync("/console/day?view=week");
        Assert.NotNull(rita.Page.QuerySelector($"#booking-{theirs}"));
        Assert.Null(rita.Page.QuerySelector($"#booking-{others}"));
        foreach (var path in (string[])["", "/approve", "/move", "/cancel"])
        {
            await rita.GoAsync($"/console/bookings/{theirs}{path}");
            Assert.Equal(200, rita.Status);
            await rita.GoAsync($"/console/bookings/{others}{path}");
            Assert.Equal(404, rita.Status);
            await rita.GoAsync($"/console/bookings/{Guid.NewGuid()}{path}");
            Assert.Equal(404, rita.Status);
        }

        // The form of their own, sent to another's: refused in the command.
        await rita.GoAsync($"/console/bookings/{theirs}/approve");
        var form = rita.Form("main form button");
        form.RequestUri = new Uri(nodes.FirstAddress, $"/console/bookings/{others}/approve");
        Assert.Equal(HttpStatusCode.NotFound, (await rita.SendOnlyAsync(form)).StatusCode);
        Assert.Equal("proposed", await nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", others));
    }

    [Fact]
    public async Task Names_and_titles_are_text_whatever_stands_in_them()
    {
        const string Evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        var id = await BookAsync("Rita Evil", 9103, Evil);
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-evil");
        foreach (
            var path in (string[])
                [
                    "/console/day?view=week",
                    $"/console/bookings/{id}",
                    $"/console/bookings/{id}/cancel",
                    $"/console/find?q={Uri.EscapeDataString(Evil)}",
                ]
        )
        {
            await olga.GoAsync(path);
            Assert.Equal(200, olga.Status);
            Assert.Empty(olga.Page.QuerySelectorAll("main script, main img"));
            Assert.Contains(Evil, olga.Page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
            Assert.Contains(
                "script-src 'self'",
                olga.Reply.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal
            );
        }
    }

    private async Task<string> BookAsync(string recruiter, long chat, string candidate = "Anna")
    {
        var reply = await nodes.First.PostAsync(
            "/api/bookings",
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    title = "Backend engineer",
                    startsAt = TimeProvider.System.GetUtcNow().AddHours(48),
                    candidate = new { name = candidate, telegramChatId = chat + 1000 },
                    recruiter = new { name = recruiter, telegramChatId = chat },
                }
            )
        );
        Assert.Equal(201, reply.Status);
        return (string)reply.Json["id"]!;
    }

    private IEnumerable<(HttpMethod Method, string Route)> Routes()
    {
        // As the console maps them: another pipeline of the same.
        var app = new RouteTable(nodes.First.Engine);
        ConsolePages.MapAll(app);
        return app
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                endpoint
                    .Metadata.GetMetadata<HttpMethodMetadata>()!
                    .HttpMethods.Select(method => (new HttpMethod(method), "/" + endpoint.RoutePattern.RawText!.Trim('/')))
            );
    }

    private sealed class RouteTable(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
