using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>A key that is one recruiter's: of the bookings of its owner it finds that person's own.</summary>
[Trait("Suite", "Quick")]
public sealed class RecruitersKeys(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    private ApiKeys ApiKeys => _node.Engine.GetRequiredService<ApiKeys>();

    [Fact]
    public async Task It_finds_its_recruiters_bookings_and_anothers_are_none_whatever_is_asked()
    {
        var (app, rita, hers, theirs) = await TwoBookingsAsync();
        var listed = (await _node.GetAsync("/api/bookings", rita)).Json["items"]!.AsArray();
        Assert.Equal([hers], listed.Select(one => (string)one!["id"]!));

        var walked = 0;
        foreach (
            var deed in Owners
                .Deeds.Select(row => row.Data)
                .Where(deed => deed.Item2.StartsWith("/api/bookings/", StringComparison.Ordinal))
        )
        {
            walked++;
            var another = await DoAsync(deed, theirs, rita);
            another.Problem(404);
            var nobodys = Guid.NewGuid().ToString();
            Assert.Equal(
                Without(await DoAsync(deed, nobodys, rita)).Replace(nobodys, "asked", StringComparison.Ordinal),
                Without(another).Replace(theirs, "asked", StringComparison.Ordinal)
            );
        }

        Assert.True(walked > 8, $"only {walked} were walked");
        Assert.Equal("proposed", await _node.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", theirs));
        var together = await _node.PostAsync("/api/bookings/approve", $$"""{"ids":["{{hers}}","{{theirs}}"]}""", rita);
        Assert.Equal(["approved", "not_found"], together.Json["results"]!.AsArray().Select(one => (string)one!["result"]!));
        Assert.Equal(200, (await _node.PostAsync($"/api/bookings/{theirs}/approve", null, app)).Status);
    }

    [Fact]
    public async Task It_books_for_its_recruiter_and_for_nobody_else_whose_row_stays_as_it_is()
    {
        var (_, rita, _, _) = await TwoBookingsAsync();
        var refused = await _node.PostAsync("/api/bookings", Booking("boris", "Renamed"), rita);
        Assert.Contains("recruiter.reference", refused.Problem(400)["errors"]!.AsObject().Select(one => one.Key));
        Assert.Equal(0, await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE name = 'Renamed'"));
        Assert.Equal(201, (await _node.PostAsync("/api/bookings", Booking("rita"), rita)).Status);
    }

    [Theory]
    [InlineData("GET", "/api/recipients/x")]
    [InlineData("POST", "/api/notifications")]
    [InlineData("POST", "/api/tokens")]
    [InlineData("GET", "/api/audit")]
    [InlineData("GET", "/api/outbox")]
    public async Task It_opens_nothing_but_bookings(string method, string path)
    {
        var (_, rita, _, _) = await TwoBookingsAsync();
        (await _node.SendAsync(new(method), path, method == "GET" ? null : "{}", rita)).Problem(403);
    }

    [Fact]
    public async Task It_needs_a_person_and_no_other_scope_and_ends_with_the_person()
    {
        var (app, rita, _, _) = await TwoBookingsAsync();
        var owner = await OwnerAsync(rita);
        foreach (
            var (scopes, recruiter) in new (string[], string?)[]
            {
                ([ApiScopes.RecruitersBookings], null),
                ([ApiScopes.RecruitersBookings, ApiScopes.Notifications], null),
                ([ApiScopes.RecruitersBookings, ApiScopes.Operate], "rita"),
                ([ApiScopes.Bookings], "rita"),
                ([ApiScopes.RecruitersBookings], "nobody"),
            }
        )
        {
            var made = await ApiKeys.CreateAsync(
                new($"bad-{Guid.NewGuid():N}", scopes, owner) { Recruiter = recruiter },
                "test",
                TestContext.Current.CancellationToken
            );
            Assert.Equal(["recruiter"], Assert.IsType<Outcome<NewApiKey>.Invalid>(made).Errors.Keys);
        }

        Assert.Equal(200, (await _node.GetAsync("/api/bookings", rita)).Status);
        Assert.Equal(200, (await _node.PostAsync("/api/recipients/rita/erase", """{"reason":"left"}""", app)).Status);
        (await _node.GetAsync("/api/bookings", rita)).Problem(401);
    }

    private async Task<(string App, string Rita, string Hers, string Theirs)> TwoBookingsAsync()
    {
        var owner = $"owner-{Guid.NewGuid():N}";
        var app = await _node.KeyAsync(owner, owner);
        var (hers, theirs) = (await BookAsync(app, "rita"), await BookAsync(app, "boris"));
        var made = await ApiKeys.CreateAsync(
            new($"{owner} rita", [ApiScopes.RecruitersBookings], owner) { Recruiter = "rita" },
            "test",
            TestContext.Current.CancellationToken
        );
        return (app, Assert.IsType<Outcome<NewApiKey>.Done>(made).Value.Key, hers, theirs);
    }

    private async Task<string> OwnerAsync(string key) => (await ApiKeys.FindAsync(key, TestContext.Current.CancellationToken))!.Owner;

    private async Task<string> BookAsync(string key, string recruiter)
    {
        var reply = await _node.PostAsync("/api/bookings", Booking(recruiter), key);
        Assert.Equal(201, reply.Status);
        return (string)reply.Json["id"]!;
    }

    private static string Booking(string recruiter, string? name = null)
    {
        var booking = JsonNode.Parse(WebNode.Booking())!;
        booking["recruiter"]!["reference"] = recruiter;
        booking["recruiter"]!["name"] = name ?? recruiter;
        return booking.ToJsonString();
    }

    private Task<Reply> DoAsync((string Method, string Path, string Body) deed, string booking, string key) =>
        _node.SendAsync(
            new(deed.Method),
            deed.Path.Replace("{booking}", booking, StringComparison.Ordinal)
                .Replace("{approved}", booking, StringComparison.Ordinal)
                .Replace("{off}", booking, StringComparison.Ordinal),
            deed.Body.Length == 0
                ? null
                : deed.Body.Replace("{later}", $"{TimeProvider.System.GetUtcNow().AddHours(72):O}", StringComparison.Ordinal),
            key
        );

    private static string Without(Reply reply) =>
        reply
            .Json.AsObject()
            .Where(field => field.Key is not ("traceId" or "instance" or "detail"))
            .Aggregate("", (all, field) => all + field);
}
