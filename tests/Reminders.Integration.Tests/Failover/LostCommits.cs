using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Poolers;
using Reminders.Lab.Simulation;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Failover;

/// <summary>
/// A standby that lags is promoted: by its rows, what its primary's last commits say was sent is due. The receiver counts.
/// </summary>
public sealed class LostCommits(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Planned, and the line cut, by then, whatever runs beside it.
    private static readonly TimeSpan DueIn = TimeSpan.FromSeconds(20);
    private static readonly long[] Chats = [.. Enumerable.Range(1001, 8)];

    private const string Confirmed = "SELECT EXISTS (SELECT FROM reminders.booking WHERE status = 'confirmed')";

    // What came after the fail-over aside.
    private const string Held = """
        SELECT count(*) FROM reminders.occurrence
        WHERE kind = 'CONFIRM_2H' AND starts_with(reason, 'held_failover: ')
          AND recipient_id NOT IN (SELECT recipient_id FROM reminders.address WHERE address = '1900')
        """;

    private const string Sent = """
        FROM reminders.outbox
        WHERE kind = 'CONFIRM_2H' AND state = 'sent' AND provider_message_id IS NOT NULL
          AND recipient_id NOT IN (SELECT recipient_id FROM reminders.address WHERE address = '1900')
        """;

    /// <summary>Both ways to the first byte: straight from the ledger, and by a claim where a limit is.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("25")]
    public async Task What_a_node_remembers_is_put_back_and_nothing_is_sent_twice(string perSecond)
    {
        await using var servers = await TwoServers.StartAsync(
            postgres,
            synchronous: false,
            ("Outbox:Limits:telegram:PerSecond", perSecond)
        );
        var ways = (Switch[])[servers.Way()];
        await servers.Cluster.StartNodeAsync();
        ways = [.. ways, servers.Way()];
        await servers.Cluster.StartNodeAsync();
        await SendWhatIsLostAsync(servers);

        await servers.FailOverAsync(ways);

        await GoesOnAsync(servers);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal((Chats.Length, 0), await servers.RecoveredAsync());
        Assert.Equal(Chats.Length, await TwoServers.ScalarAsync<long>(servers.Standby, $"SELECT count(*) {Sent}"));
        // The buttons that people have are known again.
        Press(servers);
        await Eventually.TrueAsync(() => TwoServers.ScalarAsync<bool>(servers.Standby, Confirmed), Patience, "the press is an answer");
    }

    /// <summary>Its start is lost, and its outcome comes when the recovery is over.</summary>
    [Fact]
    public async Task A_message_that_was_under_way_gets_its_outcome()
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: false);
        var way = servers.Way();
        await servers.Cluster.StartNodeAsync();
        servers.Cluster.Telegram.Faults.Add(new(FaultKind.Delay) { ChatId = Chats[0], Delay = TimeSpan.FromSeconds(10) });
        await PlanAsync(servers);
        await servers.CutAsync();
        await ArrivedAsync(servers);

        await servers.FailOverAsync(way);

        await GoesOnAsync(servers);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
        await Eventually.TrueAsync(
            () => TwoServers.ScalarAsync<bool>(servers.Standby, $"SELECT count(*) = {Chats.Length} {Sent}"),
            Patience,
            "it is known to be sent",
            () => TwoServers.ScalarAsync<string>(servers.Standby, "SELECT string_agg(m::text, E'\\n') FROM reminders.outbox m")
        );
    }

    /// <summary>Telegram was told that the press is kept, and gives it to nobody again.</summary>
    [Fact]
    public async Task An_answer_whose_commit_is_lost_is_put_back()
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: false);
        var way = servers.Way();
        await servers.Cluster.StartNodeAsync();
        await PlanAsync(servers);
        await ArrivedAsync(servers);
        await SettledAsync(servers);
        await servers.CutAsync();
        Press(servers);
        await Eventually.TrueAsync(() => TwoServers.ScalarAsync<bool>(servers.Primary, Confirmed), Patience, "the press is an answer");
        Assert.False(await TwoServers.ScalarAsync<bool>(servers.Standby, Confirmed));

        await servers.FailOverAsync(way);

        await Eventually.TrueAsync(
            () => TwoServers.ScalarAsync<bool>(servers.Standby, Confirmed),
            Patience,
            "the press is still an answer"
        );
        Assert.Equal(0, (await servers.RecoveredAsync()).Held);
    }

    /// <summary>The nodes' connections to it stay open: no new session says that there is another server behind it.</summary>
    [Fact]
    public async Task Behind_a_pooler_it_is_noticed_as_well()
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: false);
        var way = servers.Way();
        var direct = servers.Cluster.Settings["ConnectionString"]!;
        await using var bouncer = await LocalPgBouncer.StartAsync([direct], "transaction", ct: TestContext.Current.CancellationToken);
        servers.Cluster.Set("ConnectionString", bouncer.Through(direct));
        servers.Cluster.Set("Pooling", "Transaction");
        servers.Cluster.Set("DirectConnectionString", direct);
        await servers.Cluster.StartNodeAsync();
        await SendWhatIsLostAsync(servers);

        await servers.FailOverAsync(way);

        await GoesOnAsync(servers);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal((Chats.Length, 0), await servers.RecoveredAsync());
    }

    [Fact]
    public async Task What_a_node_that_died_with_the_primary_may_have_sent_is_held()
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: false);
        var dead = servers.Way();
        await servers.Cluster.StartNodeAsync();
        var alive = servers.Way();
        await servers.Cluster.StartNodeAsync();
        await SendWhatIsLostAsync(servers);

        await dead.ToAsync(0);
        await servers.FailOverAsync(alive);

        await GoesOnAsync(servers, node: 1);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal(Chats.Length, (await servers.RecoveredAsync()).PutBack + await TwoServers.ScalarAsync<long>(servers.Standby, Held));
    }

    /// <summary>Nobody is left who remembers: a new process knows it by the row.</summary>
    [Fact]
    public async Task Where_every_node_died_all_of_it_is_held_until_an_operator_says_otherwise()
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: false);
        var dead = servers.Way();
        await servers.Cluster.StartNodeAsync();
        await SendWhatIsLostAsync(servers);

        await dead.ToAsync(0);
        var alive = servers.Way();
        await servers.FailOverAsync(alive);
        await servers.Cluster.StartNodeAsync();

        await GoesOnAsync(servers, node: 1);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal(0, (await servers.RecoveredAsync()).PutBack);
        Assert.Equal(Chats.Length, await TwoServers.ScalarAsync<long>(servers.Standby, Held));
        Assert.IsType<Outcome<ReleasedOccurrences>.Done>(
            await servers.Cluster.SendAsync(new ReleaseHeld(null, null, "they say that nothing came"), node: 1)
        );
        await servers.Cluster.Telegram.Record.WaitForAsync(
            record => Chats.All(chat => record.MessagesTo(chat).Count == 2),
            Patience,
            TestContext.Current.CancellationToken
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("25")]
    public async Task With_a_synchronous_standby_nothing_is_lost_and_nothing_held(string perSecond)
    {
        await using var servers = await TwoServers.StartAsync(postgres, synchronous: true, ("Outbox:Limits:telegram:PerSecond", perSecond));
        var way = servers.Way();
        await servers.Cluster.StartNodeAsync();
        await servers.Cluster.StartNodeAsync();
        await PlanAsync(servers);
        // In the middle of it.
        await servers.Cluster.Telegram.Record.WaitForAsync(
            record => Chats.Any(chat => record.MessagesTo(chat).Count > 0),
            Patience,
            TestContext.Current.CancellationToken
        );

        await servers.FailOverAsync(way);

        Assert.Equal(0, (await servers.RecoveredAsync()).Held);
        await GoesOnAsync(servers);
        await ArrivedAsync(servers);
        Assert.All(Chats, chat => Assert.Single(servers.Cluster.Telegram.Record.MessagesTo(chat)));
    }

    /// <summary>Planned where both have it, and sent where only the primary does.</summary>
    private static async Task SendWhatIsLostAsync(TwoServers servers)
    {
        await PlanAsync(servers);
        await servers.CutAsync();
        Assert.DoesNotContain(Chats, chat => servers.Cluster.Telegram.Record.MessagesTo(chat).Count > 0);
        await ArrivedAsync(servers);
        await SettledAsync(servers);
    }

    private static Task ArrivedAsync(TwoServers servers) =>
        servers.Cluster.Telegram.Record.WaitForAsync(
            record => Chats.All(chat => record.MessagesTo(chat).Count > 0),
            Patience,
            TestContext.Current.CancellationToken
        );

    private static Task SettledAsync(TwoServers servers) =>
        Eventually.TrueAsync(
            () =>
                TwoServers.ScalarAsync<bool>(
                    servers.Primary,
                    $"SELECT count(*) = {Chats.Length} FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'"
                ),
            Patience,
            "all of them are settled"
        );

    private static void Press(TwoServers servers)
    {
        var sent = servers.Cluster.Telegram.Record.MessagesTo(Chats[0])[0];
        servers.Cluster.Telegram.Press(Chats[0], sent.MessageId, sent.Buttons[0].Data!);
    }

    private static async Task PlanAsync(TwoServers servers)
    {
        foreach (var chat in Chats)
        {
            await servers.Cluster.ApproveAsync(await servers.Cluster.ProposeAsync(DueIn, chat));
        }
    }

    /// <summary>What comes now is sent, by whoever lives; and so would be what is due and not held.</summary>
    private static async Task GoesOnAsync(TwoServers servers, int node = 0)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    // One that was planned before the step back was found may have been sent, for all that anybody knows, and is held.
                    await servers.Cluster.ApproveAsync(
                        await servers.Cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1900, node: node),
                        node
                    );
                    await servers.Cluster.Telegram.Record.WaitForAsync(
                        record => record.MessagesTo(1900).Count > 0,
                        TimeSpan.FromSeconds(2),
                        TestContext.Current.CancellationToken
                    );
                    return true;
                }
                catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException or TimeoutException)
                {
                    return false;
                }
            },
            Patience,
            "what is approved now is sent"
        );
    }
}
