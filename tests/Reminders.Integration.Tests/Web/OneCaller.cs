using System.Diagnostics;
using System.Net.Http.Headers;
using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Settings;

namespace Reminders.Integration.Tests.Web;

/// <summary>What one caller can take of a node, and what is left for the others.</summary>
[Collection(nameof(Alone))]
public sealed class OneCaller(Postgres postgres)
{
    [Fact]
    public async Task A_crowd_before_one_locked_booking_leaves_the_others_health_and_sending_alone()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:Patience", "00:00:02"));
        var (held, other) = (await node.BookAsync(), await node.BookAsync("Boris", 1002));
        await using var holder = await node.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"SELECT FROM reminders.subject WHERE key = '{held}' FOR UPDATE", holder, transaction))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var began = Stopwatch.GetTimestamp();
        var crowd = Enumerable.Range(0, 150).Select(_ => ApproveAsync(node, held)).ToArray();
        var asked = 0;
        while (!crowd.All(one => one.IsCompleted))
        {
            Assert.Equal(200, (await node.GetAsync("/health/ready", "")).Status);
            Assert.Equal(200, (await node.PostAsync($"/api/bookings/{other}/approve")).Status);
            Assert.InRange(await WaitingAsync(node), 0, 4);
            asked++;
        }
        var replies = await Task.WhenAll(crowd);
        // Two waits, each of two seconds: for a turn and for the row; and a slow machine.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 2, 15);
        Assert.True(asked >= 5, $"{asked} other requests in the meantime");
        Assert.All(replies, reply => Assert.Equal((503, "application/problem+json", true), reply));

        // Nor can they fill the log with what they are told.
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains("55P03", StringComparison.Ordinal));

        // Due at once: its reminder goes to a channel while the row is still held.
        var soon = (string)(await node.PostAsync("/api/bookings", WebNode.Booking("Clara", 1003, TimeSpan.FromMinutes(100)))).Json["id"]!;
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{soon}/approve")).Status);
        await Eventually.TrueAsync(
            async () =>
                await node.ScalarAsync<long>(
                    "SELECT count(*) FROM reminders.every_attempt a JOIN reminders.outbox m ON m.id = a.message_id JOIN "
                        + "reminders.occurrence o ON o.id = m.occurrence_id JOIN reminders.subject s ON s.id = o.subject_id "
                        + "WHERE s.key = $1",
                    soon
                ) > 0,
            TimeSpan.FromSeconds(20),
            "an attempt to send"
        );
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await node.PostAsync($"/api/bookings/{held}/approve")).Status);
    }

    [Fact]
    public async Task A_crowd_before_many_locked_bookings_never_has_all_of_the_pool()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:Patience", "00:00:02"));
        var held = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => node.BookAsync("Anna", 2000 + i)));
        await using var holder = await node.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("SELECT FROM reminders.subject WHERE type = 'booking' FOR UPDATE", holder, transaction))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var crowd = held.Select(id => ApproveAsync(node, id)).ToArray();
        var most = 0L;
        while (!crowd.All(one => one.IsCompleted))
        {
            most = Math.Max(most, await WaitingAsync(node));
            Assert.Equal(200, (await node.GetAsync("/health/ready", "")).Status);
        }
        // Three quarters of the thirty.
        Assert.InRange(most, 5, 22);
        Assert.All(await Task.WhenAll(crowd), reply => Assert.Equal((503, "application/problem+json", true), reply));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_key_that_asks_too_fast_hears_429_and_when_to_come_back_and_another_key_does_not()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:RequestsPerSecond", "1"), ("Api:Burst", "5"));
        var statuses = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            statuses.Add((await node.GetAsync("/api/bookings/7")).Status);
        }

        Assert.Equal(400, statuses[0]);
        Assert.Contains(429, statuses);
        var (status, type, comeBack) = await SendAsync(node, HttpMethod.Get, "/api/bookings/7", node.Recruiter);
        Assert.Equal((429, "application/problem+json", true), (status, type, comeBack));
        Assert.Equal(200, (await node.GetAsync("/api/outbox", node.Operator)).Status);
        Assert.Equal(200, (await node.GetAsync("/health/live", "")).Status);
    }

    [Fact]
    public async Task A_limit_of_0_is_none()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:RequestsPerSecond", "0"), ("Api:Burst", "0"));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(400, (await node.GetAsync("/api/bookings/7")).Status);
        }
    }

    [Fact]
    public async Task Who_is_refused_again_and_again_hears_429_and_a_good_secret_from_there_is_taken()
    {
        await using var node = await WebNode.StartAsync(postgres, null, ("Api:RefusalsPerSecond", "1"));
        foreach (var (path, header) in new[] { ("/telegram/webhook", "wrong"), ("/unsubscribe/unknown", ""), ("/api/tokens", "") })
        {
            var statuses = new HashSet<int>();
            for (var i = 0; i < 10; i++)
            {
                statuses.Add(
                    (
                        await SendAsync(
                            node,
                            HttpMethod.Post,
                            path,
                            header.Length > 0 || path.StartsWith("/uns", StringComparison.Ordinal) ? "" : "rk_wrong",
                            header
                        )
                    ).Status
                );
            }

            Assert.Contains(429, statuses);
        }
        Assert.Equal(
            200,
            (await SendAsync(node, HttpMethod.Post, "/telegram/webhook", "", WebNode.WebhookSecret, """{"update_id":5}""")).Status
        );
        Assert.Equal(201, (await node.PostAsync("/api/bookings", WebNode.Booking())).Status);
    }

    [Theory]
    [InlineData("Api:RequestsPerSecond", "-1", "Api:RequestsPerSecond is -1")]
    [InlineData("Api:Burst", "10", "Api:Burst is 10: it must be at least Api:RequestsPerSecond (200)")]
    [InlineData("Api:Patience", "00:00:00", "Api:Patience is 00:00:00")]
    [InlineData("Api:PerSubject", "0", "Api:PerSubject is 0")]
    public async Task A_wrong_limit_is_named_with_its_value(string name, string value, string problem)
    {
        var thrown = await Assert.ThrowsAsync<SettingsException>(() => WebNode.StartAsync(postgres, null, (name, value)));
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Sessions of the database that wait for a row.</summary>
    private static Task<long> WaitingAsync(WebNode node) =>
        node.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    private static async Task<(int, string?, bool)> ApproveAsync(WebNode node, string id)
    {
        var (status, type, comeBack) = await SendAsync(node, HttpMethod.Post, $"/api/bookings/{id}/approve", node.Recruiter);
        return (status, type, comeBack);
    }

    private static async Task<(int Status, string? Type, bool ComeBack)> SendAsync(
        WebNode node,
        HttpMethod method,
        string path,
        string key,
        string secret = "",
        string? body = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (key.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (secret.Length > 0)
        {
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body);
        }

        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.RetryAfter?.Delta > TimeSpan.Zero
        );
    }
}
