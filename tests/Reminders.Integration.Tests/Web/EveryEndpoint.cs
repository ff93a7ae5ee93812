using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>What holds for each endpoint of the API, read from the table of routes: a new one cannot be forgotten.</summary>
public sealed class EveryEndpoint(Postgres postgres) : IAsyncLifetime
{
    // They make something of the caller's own, or answer alike whether or not there is such a thing; each has tests of its own.
    private static readonly string[] OfNobodyElse =
    [
        "POST /api/bookings",
        "POST /api/bookings/approve",
        "PUT /api/recipients",
        "PUT /api/groups/{name}",
        "POST /api/tokens/revoke",
        "GET /api/bookings",
        "GET /api/recipients",
        "GET /api/suppressions",
    ];

    private WebNode _node = null!;

    // So many refusals as are asked for here would be answered 429.
    public async ValueTask InitializeAsync() => _node = await WebNode.StartAsync(postgres, null, ("Api:RefusalsPerSecond", "0"));

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Nobody_gets_in_without_a_key_or_with_an_unknown_one()
    {
        foreach (var (method, path, _, _) in Endpoints())
        {
            foreach (var key in (string[])["", $"rk_{new string('A', 43)}", "rt_x", "nonsense"])
            {
                Assert.True((await AskAsync(method, path, key)).Status is 401, $"{method} {path} with '{key}'");
            }
        }
    }

    [Fact]
    public async Task A_key_with_every_other_scope_is_refused_and_told_which_one_it_lacks()
    {
        foreach (var (method, path, _, scopes) in Endpoints().Where(endpoint => endpoint.Scopes.Count > 0))
        {
            var name = $"all-but-{Guid.NewGuid():N}";
            var key = await _node.KeyAsync(
                name,
                name,
                [.. ApiScopes.All.Except(scopes).Except([ApiScopes.Operate, ApiScopes.RecruitersBookings])]
            );
            var reply = await AskAsync(method, path, key);
            Assert.True(reply.Status == 403, $"{method} {path} without {scopes[0]}: {reply.Status} {reply.Text}");
            Assert.Contains(scopes[0], (string)reply.Problem(403)["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_persons_inbox_is_opened_by_no_key_and_their_token_opens_nothing_else()
    {
        await _node.SendAsync(HttpMethod.Put, "/api/recipients", """{"recipients":[{"reference":"reader","name":"Reader"}]}""");
        var token = (string)(await _node.PostAsync("/api/tokens", """{"recipient":"reader"}""")).Json["token"]!;
        foreach (var (method, path, _, scopes) in Endpoints())
        {
            Assert.True((await AskAsync(method, path, scopes.Count == 0 ? _node.Operator : token)).Status == 401, $"{method} {path}");
        }
    }

    [Fact]
    public void Each_that_touches_an_object_is_tried_with_anothers()
    {
        var tried = Owners.Deeds.Select(deed => (Method: deed.Data.Item1, Path: deed.Data.Item2.Split('?')[0])).ToArray();
        Assert.Empty(
            Endpoints()
                .Where(endpoint => endpoint.Scopes.Count > 0 && !endpoint.Scopes.Contains(ApiScopes.Operate))
                .Where(endpoint => !OfNobodyElse.Contains($"{endpoint.Method} {endpoint.Pattern}"))
                .Where(endpoint => !tried.Any(deed => deed.Method == endpoint.Method && Fits(deed.Path, endpoint.Pattern)))
                .Select(endpoint => $"{endpoint.Method} {endpoint.Pattern}")
        );
    }

    private static bool Fits(string path, string pattern)
    {
        var (given, wanted) = (path.Split('/'), pattern.Split('/'));
        return given.Length == wanted.Length && given.Zip(wanted).All(pair => pair.First == pair.Second || pair.Second.StartsWith('{'));
    }

    private Task<Reply> AskAsync(string method, string path, string key) =>
        _node.SendAsync(new(method), path, method is "GET" or "DELETE" ? null : "{}", key);

    private IEnumerable<(string Method, string Path, string Pattern, IReadOnlyList<string> Scopes)> Endpoints()
    {
        var found = (
            from endpoint in _node.Engine.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where pattern.StartsWith("/api/", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            select (method, Fill(pattern), pattern, Policies.ScopesOf(endpoint.Metadata))
        ).ToArray();
        Assert.True(found.Length > 30, $"only {found.Length}");
        return found;
    }

    private static string Fill(string pattern) =>
        pattern
            .Replace(
                "{id}",
                pattern.Contains("bookings", StringComparison.Ordinal) ? "0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d" : "1",
                StringComparison.Ordinal
            )
            .Replace("{reference}", "nobody", StringComparison.Ordinal)
            .Replace("{name}", "nothing", StringComparison.Ordinal)
            .Replace("{channel}", "telegram", StringComparison.Ordinal);
}
