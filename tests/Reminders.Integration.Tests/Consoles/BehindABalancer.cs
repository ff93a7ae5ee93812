using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Storage.Schema;
using Reminders.Testing.Postgres;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>
/// Two nodes that are processes, each with a home of its own, behind a balancer that remembers nobody: any of them may be killed under an
/// open page, and what somebody has typed or was about to do goes on at the other.
/// </summary>
public sealed partial class BehindABalancer(Postgres postgres, Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly Look Desk = new("en", false, false);

    [Fact]
    public async Task A_page_outlives_its_node_and_an_upgrade_and_a_form_of_a_dead_node_is_taken_by_the_other()
    {
        var folder = Directory.CreateTempSubdirectory("reminders-balanced-");
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        var first = await NodeAsync(cluster, folder, "first");
        var second = await NodeAsync(cluster, folder, "second");
        await using var balancer = new Balancer(first.Address, second.Address);
        try
        {
            await using var context = await chromium.OpenAsync(Desk);
            var page = await JoinAsync(cluster.ConnectionString, context, balancer);
            // A form that the first has made; the page that follows is of whichever.
            balancer.Lead(first.Address);
            var form = await context.NewPageAsync();
            await form.GotoAsync(At(balancer, $"/console/bookings/{booking}/approve"));
            balancer.Lead(first.Address, second.Address);

            await page.GotoAsync(At(balancer, "/console/day?view=week"));
            await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
            await page.FillAsync("#find", "half a sen");

            // From here on it is a rolling upgrade: the scripts of a newer build, which works beside this one, come before its nodes.
            var newer = SchemaScript.All[^1].Number + 1;
            await cluster.ScalarAsync<int>(
                "INSERT INTO reminders.migration (number, name, checksum, works_beside) VALUES ($1, 'later', 'x', $2) RETURNING number",
                newer,
                newer - 1
            );
            // Whichever has its stream: both end in turn, one killed and one told to, and are there again in between.
            for (var round = 0; round < 2; round++)
            {
                var (dies, lives) = round == 0 ? (first, second) : (second, first);
                await (round == 0 ? dies.KillAsync() : dies.DisposeAsync().AsTask());
                await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
                if (round == 0)
                {
                    // Signed in at a node that is gone, by a form that it has made: the keys of both lie in the database.
                    await form.ClickAsync("main form[method=post] button[type=submit]");
                    await Assertions.Expect(form.Locator(".done")).ToHaveTextAsync("Approved.");
                    await Assertions.Expect(page.Locator($"#booking-{booking} .mark")).ToHaveTextAsync("Approved");
                }

                var again = await NodeAsync(cluster, folder, round == 0 ? "first" : "second");
                if (round == 0)
                {
                    await dies.DisposeAsync();
                }

                (first, second) = round == 0 ? (again, lives) : (lives, again);
                balancer.Lead(first.Address, second.Address);
            }

            // With nobody there it says so, and since when; then it is live by itself, with what was typed.
            await Task.WhenAll(first.KillAsync(), second.KillAsync());
            await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync(NotLive());
            await first.DisposeAsync();
            first = await NodeAsync(cluster, folder, "first");
            balancer.Lead(first.Address);
            await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
            Assert.Equal("half a sen", await page.InputValueAsync("#find"));
            Assert.Equal("find", await page.EvaluateAsync<string>("document.activeElement.id"));
            Assert.Equal(
                1,
                await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' AND state = 'planned'")
            );
        }
        finally
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_page_leaves_a_node_that_is_frozen_and_outlives_the_database()
    {
        var folder = Directory.CreateTempSubdirectory("reminders-frozen-");
        await using var server = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(folder.FullName, "pg"),
                Temporary = true,
                Durable = false,
            }
        );
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: [("MigrateAtStart", "true")]);
        cluster.Set("ConnectionString", server.ConnectionString + ";Maximum Pool Size=30");
        await using var first = await NodeAsync(cluster, folder, "first");
        await using var second = await NodeAsync(cluster, folder, "second");
        cluster.AddStillNode();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        // To the first from the beginning: a connection that the browser keeps from before leads where it led.
        await using var balancer = new Balancer(first.Address);
        await using var context = await chromium.OpenAsync(Desk);
        var page = await JoinAsync(server.ConnectionString, context, balancer);
        await page.GotoAsync(At(balancer, "/console/day?view=week"));
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await page.FillAsync("#find", "half a sen");

        // Nothing is closed and nothing answers: only that nothing is heard any more tells.
        first.Freeze();
        balancer.Lead(second.Address);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync(NotLive());
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await cluster.ApproveAsync(booking);
        await Assertions.Expect(page.Locator($"#booking-{booking} .mark")).ToHaveTextAsync("Approved");
        first.Resume();

        await server.StopAsync(ShutdownMode.Immediate);
        await server.StartAgainAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return await cluster.SendAsync(new CancelBooking(booking)) is Outcome<BookingView>.Done;
                }
                catch (Npgsql.NpgsqlException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30),
            "the database is back"
        );
        await Assertions.Expect(page.Locator($"#booking-{booking} .mark")).ToHaveTextAsync("Cancelled");
        Assert.Equal("half a sen", await page.InputValueAsync("#find"));
        folder.Delete(recursive: true);
    }

    private static async Task<IPage> JoinAsync(string database, IBrowserContext context, Balancer balancer)
    {
        var invited = await CommandLine.RunAsync(database, "accounts", "invite", "--role", "operator");
        Assert.Equal((0, ""), (invited.ExitCode, invited.Errors));
        var page = await context.NewPageAsync();
        await page.GotoAsync(At(balancer, $"/console/join?code={Code().Match(invited.Output).Value}"));
        await page.FillAsync("#login", "olga");
        await page.FillAsync("#password", ConsoleNodes.Password);
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page).ToHaveURLAsync(At(balancer, "/console/overview"));
        return page;
    }

    private static string At(Balancer balancer, string path) => new Uri(balancer.Address, path).ToString();

    private static Task<NodeProcess> NodeAsync(Cluster cluster, DirectoryInfo folder, string name)
    {
        var environment = cluster.Settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        // Where a framework would keep keys of its own, if it were let.
        environment["HOME"] = folder.CreateSubdirectory($"{name}-home").FullName;
        return NodeProcess.StartAsync(name, environment, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("^not live: as of .+, trying again$")]
    private static partial Regex NotLive();

    [GeneratedRegex("[A-Z0-9]{4}(-[A-Z0-9]{4})+|(?<=code=)[^\\s&]+")]
    private static partial Regex Code();
}
