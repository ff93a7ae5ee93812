using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 9: whom a 429 stops, and whom not, over two nodes and a Telegram that answers it.</summary>
public sealed class TooManyRequests(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_429_for_the_whole_bot_costs_one_probe_and_then_stops_all_for_its_wait_also_across_a_restart()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        cluster.Telegram.Faults.Add(
            new(FaultKind.TooManyRequests)
            {
                RetryAfter = 6,
                PausesBot = true,
                Next = 1,
            }
        );
        await QueueAsync(cluster, 1);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.channel WHERE throttled_at IS NOT NULL)", Patience);
        foreach (var node in cluster.Nodes)
        {
            await node.StopAsync(TestContext.Current.CancellationToken);
        }

        await cluster.StartNodeAsync();
        await cluster.StartNodeAsync();
        for (var chat = 2; chat <= 20; chat++)
        {
            await QueueAsync(cluster, chat, node: 2 + chat % 2);
        }

        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 20, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent' AND attempts = 1) FROM reminders.outbox", Patience);

        // The simulator answers 429 to whoever calls during the pause it asked for: one did, to learn whose limit it was.
        Assert.Equal(2, cluster.Telegram.Record.TooManyRequests);
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT sum(throttled) FROM reminders.outbox"));
    }

    [Fact]
    public async Task A_429_of_a_group_stops_that_group_and_nobody_else()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Limited);
        cluster.Telegram.AddChat(-500);
        cluster.Telegram.Faults.Add(new(FaultKind.TooManyRequests) { ChatId = -500, RetryAfter = 60 });
        var group = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1);
        await cluster.ExecuteAsync("UPDATE reminders.address SET address = '-500' WHERE address = '1'");
        await cluster.ApproveAsync(group);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE throttled = 1 AND state = 'retry')", Patience);
        for (var chat = 2; chat <= 6; chat++)
        {
            await QueueAsync(cluster, chat, node: chat % 2);
        }

        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 5, TimeSpan.FromSeconds(10));
        // A second message to the group waits as well.
        var again = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1);
        await cluster.ApproveAsync(again);
        await cluster.UntilAsync(
            """
            SELECT count(*) = 2 FROM reminders.outbox m JOIN reminders.address a USING (recipient_id)
            WHERE a.address = '-500' AND m.state IN ('pending', 'retry') AND m.due_at > now() + interval '30 seconds'
            """,
            Patience
        );
        Assert.Equal(1, cluster.Telegram.Record.TooManyRequests);
        Assert.False(await cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.channel WHERE paused_until IS NOT NULL)"));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("29", "00:00:01.05")]
    public async Task A_429_of_30_s_for_one_chat_holds_nobody_else_up(string perSecond, string perRecipient)
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            overrides: [("Outbox:Limits:telegram:PerSecond", perSecond), ("Outbox:Limits:telegram:PerRecipientInterval", perRecipient)]
        );
        cluster.Telegram.AddChat(1);
        cluster.Telegram.Faults.Add(new(FaultKind.TooManyRequests) { ChatId = 1, RetryAfter = 30 });
        await QueueAsync(cluster, 1);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE throttled = 1)", Patience);
        for (var chat = 2; chat <= 20; chat++)
        {
            await QueueAsync(cluster, chat, node: chat % 2);
        }

        var again = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1);
        await cluster.ApproveAsync(again);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 19, TimeSpan.FromSeconds(10));
        // The second message to the chat waits for its wait as well, and nobody asked Telegram again.
        await cluster.UntilAsync(
            "SELECT count(*) = 2 FROM reminders.outbox WHERE state IN ('pending', 'retry') AND due_at > now() + interval '10 seconds'",
            Patience
        );
        Assert.Equal(1, cluster.Telegram.Record.TooManyRequests);
        Assert.False(
            await cluster.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM reminders.channel WHERE paused_until IS NOT NULL OR NOT sent_since)"
            )
        );
        await cluster.UntilAsync(
            "SELECT bool_and(state = 'sent') FROM reminders.outbox WHERE due_at < now() + interval '10 seconds'",
            Patience
        );
        Assert.Equal(19, await cluster.ScalarAsync<long>("SELECT sum(attempts) FROM reminders.outbox"));
    }

    [Fact]
    public async Task A_person_throttled_again_and_again_gets_their_message_and_stops_nobody()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Limited);
        cluster.Telegram.AddChat(1);
        cluster.Telegram.Faults.Add(
            new(FaultKind.TooManyRequests)
            {
                ChatId = 1,
                RetryAfter = 1,
                Next = 3,
            }
        );
        for (var chat = 1; chat <= 6; chat++)
        {
            await QueueAsync(cluster, chat, node: chat % 2);
        }

        await cluster.UntilAsync("SELECT count(*) = 6 FROM reminders.outbox WHERE state = 'sent'", Patience);
        Assert.Equal(3, cluster.Telegram.Record.TooManyRequests);
        Assert.Equal(6, await cluster.ScalarAsync<long>("SELECT sum(attempts) FROM reminders.outbox"));
        Assert.False(await cluster.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM reminders.channel WHERE paused_until IS NOT NULL)"));
    }

    private static readonly (string, string?)[] Limited =
    [
        ("Outbox:Limits:telegram:PerSecond", "29"),
        ("Outbox:Limits:telegram:PerRecipientInterval", "00:00:00.1"),
    ];

    private static async Task QueueAsync(Cluster cluster, long chat, int node = 0) =>
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat, node: node), node);
}
