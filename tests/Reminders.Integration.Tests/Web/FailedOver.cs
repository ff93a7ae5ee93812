using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Testing.Postgres;

namespace Reminders.Integration.Tests.Web;

/// <summary>
/// A primary that refuses writes, as after a fail-over that left the sessions on the wrong server (25006): while it lasts the
/// caller is told to come again, and when it is over no session that remembers it is left.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FailedOver(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_primary_takes_no_writes_it_is_503_and_the_node_is_whole_within_five_seconds_of_it()
    {
        await using var server = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-over-{Guid.NewGuid():N}"[..24]),
                Temporary = true,
                Durable = false,
            },
            Stop
        );
        await using var node = await WebNode.StartOnAsync(await server.CreateDatabaseAsync("over"));
        await ReadyAsync(node);
        await node.BookAsync();
        // Several sessions in the pool.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => node.BookAsync($"Anna {i}", 1001 + i)));

        await ExecuteAsync(server, "ALTER DATABASE over SET default_transaction_read_only = on");
        await ExecuteAsync(
            server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'over' AND pid <> pg_backend_pid()"
        );
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 503, Patience, "not ready");
        var during = new List<Reply>();
        for (var i = 0; i < 40; i++)
        {
            during.Add(await node.PostAsync("/api/bookings", WebNode.Booking($"During {i}", 2000 + i)));
        }

        Assert.All(during, reply => Assert.Equal((503, "application/problem+json"), (reply.Status, reply.ContentType)));
        using (var one = await PostRawAsync(node))
        {
            Assert.NotNull(one.Headers.RetryAfter?.Delta);
        }

        var ready = await node.GetAsync("/health/ready", "");
        Assert.Equal("failing", (string)ready.Json["checks"]!["database"]!["status"]!);
        Assert.Contains("takes no writes", (string)ready.Json["checks"]!["database"]!["description"]!);

        await ExecuteAsync(server, "ALTER DATABASE over RESET default_transaction_read_only");
        var back = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, Patience, "ready again");
        Assert.InRange(back.Elapsed.TotalSeconds, 0, 5);
        var after = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => node.PostAsync("/api/bookings", WebNode.Booking($"After {i}", 3000 + i)))
        );
        Assert.All(after, reply => Assert.Equal(201, reply.Status));
    }

    /// <summary>A session whose server was demoted under it keeps its line: the one that meets it throws all of them away.</summary>
    [Fact]
    public async Task Sessions_that_were_told_to_take_no_writes_leave_the_pool_at_the_first_refusal()
    {
        await using var node = await WebNode.StartAsync(postgres);
        await ReadyAsync(node);
        var source = node.Engine.GetRequiredService<Reminders.Storage.Database>().Source;
        var open = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => await source.OpenConnectionAsync(Stop)));
        foreach (var connection in open)
        {
            await using var demote = new NpgsqlCommand("SET default_transaction_read_only = on", connection);
            await demote.ExecuteNonQueryAsync(Stop);
        }
        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }

        var replies = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            replies.Add((await node.PostAsync("/api/bookings", WebNode.Booking($"Anna {i}", 1001 + i))).Status);
        }

        Assert.DoesNotContain(500, replies);
        // One refusal is met by a request or by a loop; from there on every session is a new one.
        Assert.InRange(replies.Count(status => status == 503), 0, 5);
        Assert.All(replies[^20..], status => Assert.Equal(201, status));
    }

    private static Task ReadyAsync(WebNode node) =>
        Eventually.TrueAsync(async () => (await node.GetAsync("/health/ready", "")).Status == 200, Patience, "ready");

    private static async Task<HttpResponseMessage> PostRawAsync(WebNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/bookings")
        {
            Content = new StringContent(WebNode.Booking(), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", node.Recruiter);
        return await node.Http.SendAsync(request, Stop);
    }

    private static async Task ExecuteAsync(LocalPostgres server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
