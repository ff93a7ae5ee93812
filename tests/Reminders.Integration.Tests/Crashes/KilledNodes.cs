using System.Globalization;
using System.Net.Http.Headers;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Lab.Simulation;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Crashes;

/// <summary>
/// The whole path of a reminder, with kill -9 at every step in between: nothing half-done that does not heal by itself
/// within 30 seconds. A node in a process of its own is approved on, held up by the database where the test says, killed
/// there; then another node takes over.
/// </summary>
public sealed class KilledNodes(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(30);

    /// <summary>Cut: the session dies with its node. Otherwise the server ends the statement it had, and may commit it.</summary>
    public static TheoryData<string, bool> Points
    {
        get
        {
            var points = new TheoryData<string, bool>();
            foreach (var point in CrashPoint.All)
            {
                points.Add(point.Name, true);
                // Where the rest of a transaction was still to come from the node, going on ends in a rollback too.
                if (
                    point.Name
                    is "the approval's commit"
                        or "the firing"
                        or "the outbox"
                        or "the claim"
                        or "the start"
                        or "the take"
                        or "the outcome"
                )
                {
                    points.Add(point.Name, false);
                }
            }
            return points;
        }
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Killed_while_writing_it_the_reminder_is_sent_once_or_held_in_sight(string name, bool cut)
    {
        var point = CrashPoint.All.Single(one => one.Name == name);
        await using var cluster = await StartAsync(perSecond: point.Limited ? 1000 : 0);
        await using var node = await ChildAsync(cluster);
        // Only what Quartz does needs a due time ahead; for the rest it is due, and fires, at once.
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(name.EndsWith("trigger", StringComparison.Ordinal) ? 10 : 0));
        if (name == "the suppression")
        {
            await ApproveAsync(cluster, node, booking);
            // Or the kill could meet the first reminder on its way.
            await cluster.UntilAsync("SELECT count(*) = 1 AND bool_and(state = 'sent') FROM reminders.outbox", Patience);
        }

        var gate = await point.CloseAsync(cluster);
        var approval = ApproveAsync(cluster, node, booking);
        await gate.SomebodyWaitsAsync(Patience);
        await node.KillAsync();
        if (cut)
        {
            await gate.CutAsync();
        }

        await gate.DisposeAsync();
        await approval.ContinueWith(_ => { }, TaskScheduler.Default);
        // Until the server has noticed, it may still be committing the last statement.
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'child')", Patience);
        await HealsAsync(cluster, booking, point.Started);
    }

    [Fact]
    public async Task Killed_between_the_first_byte_and_the_reply_the_reminder_is_held_in_sight()
    {
        await using var cluster = await StartAsync();
        await using var node = await ChildAsync(cluster);
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMinutes(1), Next = 1 });
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(1));
        await ApproveAsync(cluster, node, booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await node.KillAsync();
        await HealsAsync(cluster, booking, started: true);
        Assert.Equal("uncertain", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Theory]
    [InlineData("BEFORE INSERT ON reminders.inbound_update")]
    [InlineData("BEFORE INSERT ON reminders.press")]
    [InlineData("CONSTRAINT AFTER INSERT ON reminders.press DEFERRABLE INITIALLY DEFERRED")]
    public async Task Killed_while_taking_a_press_the_answer_counts_once(string trigger)
    {
        await using var cluster = await StartAsync();
        await using var node = await ChildAsync(cluster);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await ApproveAsync(cluster, node, booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);

        var gate = await new CrashPoint("a press", trigger).CloseAsync(cluster);
        cluster.Telegram.PressButton(1001, cluster.Telegram.Record.MessagesTo(1001)[0].MessageId, 0);
        await gate.SomebodyWaitsAsync(Patience);
        await node.KillAsync();
        await gate.CutAsync();
        await gate.DisposeAsync();
        await cluster.StartNodeAsync();
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Healed);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Healed);
        Assert.Equal("confirmed", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'booking'"));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.press WHERE effect = 'Confirmed'"));
        Assert.Single(cluster.Telegram.Record.MessagesTo(9001));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    private static async Task HealsAsync(Cluster cluster, Guid booking, bool started)
    {
        var since = TimeProvider.System.GetTimestamp();
        if (await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking.ToString()) == "proposed")
        {
            // All or nothing: the recruiter saw an error, and approves again on another node.
            Assert.Equal(
                0,
                await cluster.ScalarAsync<long>(
                    "SELECT (SELECT count(*) FROM reminders.occurrence) + (SELECT count(*) FROM reminders.instant)"
                )
            );
            Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking));
        }
        await cluster.StartNodeAsync();
        await cluster.UntilAsync(
            """
            SELECT count(*) = 1 AND bool_and(state IN ('sent', 'uncertain'))
            FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND operation = 'send'
            """,
            Healed
        );
        var state = await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H'");
        if (state == "uncertain")
        {
            Assert.True(started, "Nothing had left the node: there is nothing to doubt.");
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Healed);
            Assert.InRange(cluster.Telegram.Record.MessagesTo(1001).Count, 0, 1);
        }
        else
        {
            Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
        }
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'"));
        await Duplicates.NoneIn(cluster);
        var took = TimeProvider.System.GetElapsedTime(since);
        Assert.True(took < Healed, $"Healing took {took}.");
    }

    private async Task<Cluster> StartAsync(int perSecond = 0)
    {
        var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides:
            [
                // The shipped leases are 10 and 25 s; only their order matters here.
                ("Outbox:ClaimLease", "00:00:03"),
                ("Outbox:SendLease", "00:00:05"),
                ("Telegram:SendTimeout", "00:00:04"),
                ("Outbox:Limits:telegram:PerSecond", $"{perSecond}"),
            ]
        );
        cluster.AddStillNode();
        return cluster;
    }

    private static Task<NodeProcess> ChildAsync(Cluster cluster)
    {
        var environment = cluster.Settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["ConnectionString"] += ";Application Name=child";
        return NodeProcess.StartAsync("child", environment, TestContext.Current.CancellationToken);
    }

    private static async Task ApproveAsync(Cluster cluster, NodeProcess node, Guid booking)
    {
        var key = Assert
            .IsType<Outcome<NewApiKey>.Done>(
                await new ApiKeys(new Database(cluster.Database)).CreateAsync(
                    Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
                    ApiRole.Operator,
                    TestContext.Current.CancellationToken
                )
            )
            .Value.Key;
        using var http = new HttpClient { BaseAddress = node.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.PostAsync(
            new Uri($"/api/bookings/{booking}/approve", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );
        response.EnsureSuccessStatusCode();
    }
}
