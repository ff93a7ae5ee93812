using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Commands;
using Reminders.Hosting;
using Reminders.Web.Hosting;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Integration.Tests.Web;

/// <summary>Who gets in, and what the outside hears when something breaks.</summary>
public sealed class Keys(SharedWebNode shared) : IClassFixture<SharedWebNode>
{
    private readonly WebNode _node = shared.Node;

    private ApiKeys ApiKeys => _node.Engine.GetRequiredService<ApiKeys>();

    [Theory]
    [InlineData("")]
    [InlineData("rk_short")]
    [InlineData("rk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_a_good_key_the_API_is_a_401(string key) => (await _node.GetAsync("/api/bookings/7", key)).Problem(401);

    [Fact]
    public async Task Another_scheme_is_a_401_that_says_which_is_wanted()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/bookings/7");
        request.Headers.Authorization = new("Basic", "cms6cms=");
        Assert.Contains("Bearer", (string)(await _node.SendAsync(request)).Problem(401)["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recruiter_may_not_decide_about_held_messages_and_an_operator_may_book()
    {
        (await _node.GetAsync("/api/outbox", _node.Recruiter)).Problem(403);
        (await _node.PostAsync("/api/outbox/1/settle", """{"delivered":true,"reason":"r"}""", _node.Recruiter)).Problem(403);
        Assert.Equal(200, (await _node.GetAsync("/api/outbox", _node.Operator)).Status);
        Assert.Equal(201, (await _node.PostAsync("/api/bookings", WebNode.Booking(), _node.Operator)).Status);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_from_the_next_request_on()
    {
        var key = await _node.KeyAsync("leaver", ApiRole.Recruiter);
        Assert.Equal(201, (await _node.PostAsync("/api/bookings", WebNode.Booking(), key)).Status);
        Assert.True(await ApiKeys.RevokeAsync("leaver"));
        (await _node.PostAsync("/api/bookings", WebNode.Booking(), key)).Problem(401);
        Assert.False(await ApiKeys.RevokeAsync("leaver"));
        Assert.NotNull((await ApiKeys.ListAsync()).Single(known => known.Name == "leaver").RevokedAt);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_only_as_its_hash()
    {
        var key = await _node.KeyAsync("once", ApiRole.Operator);
        Assert.Matches("^rk_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(32, (await _node.ScalarAsync<byte[]>("SELECT hash FROM reminders.api_key WHERE name = 'once'")).Length);
        Assert.Equal(
            0L,
            await _node.ScalarAsync<long>("SELECT count(*) FROM reminders.api_key k WHERE k::text LIKE '%' || $1 || '%'", key)
        );
        Assert.IsType<Outcome<NewApiKey>.Conflict>(await ApiKeys.CreateAsync("once", ApiRole.Recruiter));
        Assert.IsType<Outcome<NewApiKey>.Invalid>(await ApiKeys.CreateAsync(" ", ApiRole.Recruiter));
    }

    [Fact]
    public async Task The_ledger_names_the_key_that_booked()
    {
        var id = await _node.BookAsync();
        Assert.Equal("api:booking-app", await _node.ScalarAsync<string>("SELECT created_by FROM reminders.subject WHERE key = $1", id));
    }

    [Fact]
    public async Task A_bug_is_a_500_that_tells_nothing_but_to_the_log_and_an_outage_a_503()
    {
        await using var broken = await WebNode.StartAsync(
            shared.Postgres,
            app =>
            {
                var pipeline = new OwnPipeline(
                    app.Services.GetRequiredService<RemindersEngine>(),
                    around => around.UseSecurityHeaders().UseProblems(),
                    own =>
                    {
                        own.MapGet("/bug", string () => throw new InvalidOperationException("the secret of the house"));
                        own.MapGet(
                            "/outage",
                            string () => throw new InvalidOperationException("", new NpgsqlException("Host=db;Password=secret"))
                        );
                        own.MapGet("/late", string () => throw new OperationCanceledException("the secret of a time-out while connecting"));
                    }
                );
                app.Map("/broken/{**rest}", pipeline.RunAsync);
            }
        );
        Assert.DoesNotContain("secret", (await broken.GetAsync("/broken/bug")).Problem(500).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(broken.Log.Lines, line => line.Contains("the secret of the house", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", (await broken.GetAsync("/broken/outage")).Problem(503).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (await broken.GetAsync("/broken/late")).Problem(503).ToJsonString(), StringComparison.Ordinal);
    }
}
