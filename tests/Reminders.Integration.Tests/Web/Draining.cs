using System.Net;
using System.Text.Json.Nodes;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Web;

/// <summary>A node that is told to end says so first, and goes on for as long as others need to hear of it.</summary>
public sealed class Draining(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_told_to_end_is_not_ready_at_once_and_answers_until_its_drain_is_over()
    {
        var folder = Directory.CreateTempSubdirectory("reminders-drain-");
        await using (var cluster = await Cluster.StartAsync(postgres, nodes: 0))
        {
            await using var node = await ServeProcess.StartAsync(cluster, folder.FullName, ("Serve__Drain", "00:00:05"));
            var key = RandomSecret.Create(ApiKeys.Prefix);
            await cluster.ScalarAsync<long>(
                """
                INSERT INTO reminders.api_key (name, hash, owner, scopes) VALUES ('shop', $1, 'shop', '{bookings:own}') RETURNING id
                """,
                RandomSecret.Hash(key)
            );
            using var http = new HttpClient { BaseAddress = node.Address };
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            await Eventually.TrueAsync(async () => await AskAsync(http, "health/ready") == HttpStatusCode.OK, Patience, "ready");

            var told = TimeProvider.System.GetTimestamp();
            node.Terminate();
            await Eventually.TrueAsync(
                async () => await AskAsync(http, "health/ready") == HttpStatusCode.ServiceUnavailable,
                TimeSpan.FromSeconds(3),
                "not ready"
            );
            using (var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), Stop))
            {
                var checks = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["checks"]!;
                Assert.Equal("failing", (string)checks["drain"]!["status"]!);
                Assert.Equal("ok", (string)checks["database"]!["status"]!);
            }
            // On a connection of its own: the port is still open.
            using var late = new HttpClient { BaseAddress = node.Address };
            late.DefaultRequestHeaders.Authorization = new("Bearer", key);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(late, "health/live"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(late, "api/bookings"));

            Assert.Equal(0, await node.EndAsync());
            Assert.InRange(TimeProvider.System.GetElapsedTime(told), TimeSpan.FromSeconds(5), Patience);
        }
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("00:10:01")]
    public async Task A_drain_that_is_out_of_bounds_is_one_line(string drain)
    {
        var folder = Directory.CreateTempSubdirectory("reminders-drain-");
        await using (var cluster = await Cluster.StartAsync(postgres, nodes: 0))
        {
            var (code, errors) = await ServeProcess.FailAsync(cluster, folder.FullName, ("Serve__Drain", drain));
            Assert.Equal(2, code);
            Assert.StartsWith($"setting Serve:Drain is '{drain}'", errors[0], StringComparison.Ordinal);
        }
        folder.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return answer.StatusCode;
    }
}
