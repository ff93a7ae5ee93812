using System.Globalization;
using System.Net.Http.Headers;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Integration.Tests.Crashes;

/// <summary>
/// The whole path of a reminder, with kill -9 at every step in between: nothing half-done that does not heal by itself
/// within 30 seconds. A node in a process of its own is approved on, held up by the database where the test says, killed
/// there; then another node takes over. Each class of them waits beside the others.
/// </summary>
public abstract class KilledNode(Postgres postgres)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    protected static readonly TimeSpan Healed = TimeSpan.FromSeconds(30);

    /// <param name="name">Of the crash point.</param>
    /// <param name="cut">The session dies with its node. Otherwise the server ends the statement it had, and may commit it.</param>
    protected async Task IsSentOnceOrHeldInSightAsync(string name, bool cut)
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
        // While the gate held Quartz up on a busy machine, the rest of the node may have gone on to send it.
        var hadBegun = await cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.outbox WHERE send_started_at IS NOT NULL)");
        await HealsAsync(cluster, booking, point.Started || hadBegun);
    }

    protected static async Task HealsAsync(Cluster cluster, Guid booking, bool started)
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

    protected async Task<Cluster> StartAsync(int perSecond = 0)
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

    private protected static Task<NodeProcess> ChildAsync(Cluster cluster)
    {
        var environment = cluster.Settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!
        );
        environment["ConnectionString"] += ";Application Name=child";
        return NodeProcess.StartAsync("child", environment, TestContext.Current.CancellationToken);
    }

    private protected static async Task ApproveAsync(Cluster cluster, NodeProcess node, Guid booking)
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
