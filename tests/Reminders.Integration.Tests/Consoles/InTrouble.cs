using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>What a page says when its database is away, is another build's, or takes too long: a page of ours, that tries again.</summary>
public sealed class InTrouble(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_a_page_says_so_and_is_there_again_by_itself()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-away");
        var name = new NpgsqlConnectionStringBuilder(nodes.First.ConnectionString).Database!;
        await using var server = new NpgsqlConnection((await nodes.Postgres.ServerAsync()).ConnectionString);
        await server.OpenAsync(Stop);
        await ExecuteAsync(server, $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false");
        try
        {
            await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            await olga.GoAsync("/console/overview");
            Assert.Equal(503, olga.Status);
            Assert.Contains("The database does not answer", olga.Text, StringComparison.Ordinal);
            Assert.Equal("5", Header(olga, "Refresh"));
            Assert.Equal("5", Header(olga, "Retry-After"));
            Assert.StartsWith("База данных не отвечает.", await DetailAsync("/api/bookings", "ru"), StringComparison.Ordinal);
            Assert.StartsWith("The database does not answer.", await DetailAsync("/api/bookings", null), StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(server, $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true");
        }

        await Eventually.TrueAsync(
            async () =>
            {
                await olga.GoAsync("/console/overview");
                return olga.Status == 200;
            },
            TimeSpan.FromSeconds(20),
            "the page is there again"
        );
    }

    [Theory]
    [InlineData("en", "The database is of another version than this program")]
    [InlineData("ru", "База данных другой версии, чем эта программа")]
    public async Task Where_an_upgrade_has_changed_what_it_reads_a_page_says_so_and_so_does_the_api(string language, string says)
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, $"olga-upgrade-{language}", language: language);
        var booking = await nodes.First.BookAsync();
        // As a script would that does not say it works beside this build.
        await ChangeAsync("ALTER TABLE reminders.subject RENAME happens_at TO happens_from");
        try
        {
            foreach (var path in (string[])[$"/console/bookings/{booking}", "/console/day"])
            {
                await olga.GoAsync(path);
                Assert.Equal(503, olga.Status);
                Assert.Contains(says, olga.Text, StringComparison.Ordinal);
                Assert.Equal("5", Header(olga, "Refresh"));
            }

            Assert.StartsWith(
                language == "ru"
                    ? "Схема базы данных не та, что у этой сборки: идёт обновление, или не выполнена команда migrate."
                    : "The database's schema is another than this build's: an upgrade is under way, or migrate was not run.",
                await DetailAsync($"/api/bookings/{booking}", language),
                StringComparison.Ordinal
            );
        }
        finally
        {
            await ChangeAsync("ALTER TABLE reminders.subject RENAME happens_from TO happens_at");
        }

        await olga.GoAsync($"/console/bookings/{booking}");
        Assert.Equal(200, olga.Status);
    }

    /// <summary>A lock stands for a statement that would take minutes.</summary>
    [Theory]
    [InlineData("/console/overview", "tally", "What became of messages")]
    [InlineData("/console/bookings/{booking}", "outbox", "What happened")]
    [InlineData("/console/people/{person}", "outbox", "Last messages")]
    [InlineData("/console/outbox?state=dead&person=Anna", "outbox", "Clear")]
    public async Task What_takes_too_long_is_left_out_and_the_rest_of_the_page_stands(string path, string slow, string rest)
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, $"olga-slow-{slow}-{path.Length}");
        var booking = await nodes.First.BookAsync();
        var person = await nodes.First.ScalarAsync<long>("SELECT min(id) FROM reminders.recipient");
        path = path.Replace("{booking}", $"{booking}", StringComparison.Ordinal).Replace("{person}", $"{person}", StringComparison.Ordinal);
        await using (var connection = new NpgsqlConnection(nodes.First.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Stop);
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await ExecuteAsync(connection, $"LOCK TABLE reminders.{slow} IN ACCESS EXCLUSIVE MODE");
            await olga.GoAsync(path);
            Assert.Equal(200, olga.Status);
            Assert.Contains(rest, olga.Text, StringComparison.Ordinal);
            Assert.Contains("longer than three seconds and is left out", olga.Text, StringComparison.Ordinal);
        }

        await olga.GoAsync(path);
        Assert.Equal(200, olga.Status);
        Assert.DoesNotContain("is left out", olga.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_page_cannot_do_without_and_takes_too_long_is_said_to_be_that_and_not_an_outage()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-waits");
        await using var connection = new NpgsqlConnection(nodes.First.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await ExecuteAsync(connection, "LOCK TABLE reminders.suppression IN ACCESS EXCLUSIVE MODE");
        await olga.GoAsync("/console/suppressed");
        Assert.Equal(503, olga.Status);
        Assert.Contains("This took too long", olga.Text, StringComparison.Ordinal);
        Assert.Equal("5", Header(olga, "Refresh"));
    }

    [Fact]
    public async Task A_node_that_stands_still_as_its_clock_is_off_is_the_first_thing_on_the_overview_and_is_marked_in_the_cluster()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-skewed");
        await olga.GoAsync("/console/overview");
        Assert.DoesNotContain("node-off", olga.Text, StringComparison.Ordinal);
        await ChangeAsync("INSERT INTO reminders.node (name, version, skew) VALUES ('node-off', '0', interval '90 seconds')");
        await olga.GoAsync("/console/overview");
        Assert.Contains("The clock of the node node-off is", olga.Find(".wrongs").TextContent, StringComparison.Ordinal);
        Assert.Equal("/console/cluster", olga.Find(".wrongs a").GetAttribute("href"));
        await olga.GoAsync("/console/cluster");
        Assert.Contains("90,000 ms", olga.Text, StringComparison.Ordinal);
        await ChangeAsync("DELETE FROM reminders.node WHERE name = 'node-off'");
    }

    private async Task<string> DetailAsync(string path, string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", nodes.First.Operator);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        var reply = await nodes.First.SendAsync(request);
        return reply.Problem(503)["detail"]!.ToString();
    }

    private async Task ChangeAsync(string sql)
    {
        // Not of a pool, whose connections may be those that were ended.
        await using var connection = new NpgsqlConnection(nodes.First.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await ExecuteAsync(connection, sql);
    }

    private static string Header(PlainBrowser browser, string name) => Assert.Single(browser.Reply.Headers.GetValues(name));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
