using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>A digest: what falls due for one recipient within a time is one message, and each part is accounted for.</summary>
public sealed class Digests(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly (string, string?)[] Digesting =
    [
        ("Kinds:NEWS:Subject", "customer"),
        ("Kinds:NEWS:Identity", "Once"),
        ("Kinds:NEWS:Digest", "00:00:02"),
        ("Kinds:NEWS:Data:customer", "text"),
        ("Kinds:NEWS:Templates:en:text", "{customer}"),
        ("Kinds:NEWS:Templates:en:digest", "{count} new customers:\n{items}"),
    ];

    [Fact]
    public async Task Several_at_once_from_two_nodes_become_one_message_that_names_each()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Digesting);
        await cluster.KeepPeopleAsync(3);
        for (var round = 1; round <= 5; round++)
        {
            cluster.Telegram.Record.Clear();
            // All are asked for in one stretch of time, whenever that begins.
            var due = TimeProvider.System.GetUtcNow().AddSeconds(1);
            await Task.WhenAll(
                Enumerable
                    .Range(1, 10)
                    .Select(n =>
                        Task.Run(() =>
                            cluster.AskAsync(
                                News($"{round}-{n}", $"Customer {n}") with
                                {
                                    Recipients = ["u1", "u2", "u3"],
                                    Due = due,
                                },
                                n % 2
                            )
                        )
                    )
            );
            await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 3, Patience);
            foreach (var chat in (long[])[2001, 2002, 2003])
            {
                var text = Assert.Single(cluster.Telegram.Record.MessagesTo(chat)).Text;
                Assert.StartsWith("10 new customers:", text, StringComparison.Ordinal);
                Assert.Equal(Enumerable.Range(1, 10).Select(n => $"Customer {n}").Order(), text.Split('\n').Skip(1).Order());
            }
        }
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE state <> 'fired' OR digest_of IS NULL")
        );
        Assert.Equal(15, await cluster.ScalarAsync<long>("SELECT count(DISTINCT digest_of) FROM reminders.occurrence"));
    }

    [Fact]
    public async Task A_digest_leaves_out_what_was_taken_back_and_is_none_when_nothing_is_left()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: Digesting);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(2);
        await cluster.AskAsync(News("1", "Customer 1") with { Recipients = ["u1", "u2"] });
        await cluster.AskAsync(News("2", "Customer 2"));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = '2026-01-01Z'");
        await hand.FireAsync();
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        var claims = await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken);
        Assert.Equal(2, claims.Count);
        await cluster.SendAsync(new CancelNotifications("customer", "1"));
        var started = Assert.Single((await hand.BeginAsync([.. claims])).Started);
        Assert.Equal("Customer 2", hand.Render(started).Text);
        Assert.Equal(
            "cancelled: nothing_left",
            await cluster.ScalarAsync<string>("SELECT state || ': ' || reason FROM reminders.outbox WHERE id <> $1", started.Claim.Id)
        );
        Assert.Equal(
            "cancelled,cancelled,fired",
            await cluster.ScalarAsync<string>("SELECT string_agg(state, ',' ORDER BY state) FROM reminders.occurrence")
        );
    }

    [Fact]
    public async Task What_another_firing_brings_while_its_digest_waits_goes_with_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: Digesting);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        foreach (var customer in (string[])["1", "2"])
        {
            await cluster.AskAsync(News(customer, $"Customer {customer}"));
            await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = '2026-01-01Z' WHERE state = 'planned'");
            await hand.FireAsync();
        }
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        Assert.Equal("2 new customers:\nCustomer 1\nCustomer 2", hand.Render(await hand.ClaimAndStartAsync()).Text);
    }

    [Fact]
    public async Task What_comes_when_its_digest_has_left_gathers_for_the_next()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: Digesting);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(News("1", "Customer 1"));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = '2026-01-01Z'");
        await hand.FireAsync();
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        Assert.Single(
            (await hand.BeginAsync([.. await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken)])).Started
        );
        // A part of the same time, on a node that was late.
        await cluster.AskAsync(News("2", "Customer 2"));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = '2026-01-01Z' WHERE state = 'planned'");
        await hand.FireAsync();
        Assert.Equal(
            "fired,planned",
            await cluster.ScalarAsync<string>("SELECT string_agg(state, ',' ORDER BY id) FROM reminders.occurrence")
        );
        await hand.FireAsync();
        Assert.Equal("fired,fired", await cluster.ScalarAsync<string>("SELECT string_agg(state, ',') FROM reminders.occurrence"));
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(DISTINCT digest_at) FROM reminders.outbox"));
    }

    private static Notify News(string id, string customer) =>
        new("NEWS", id, Recipients: ["u1"], Data: Asking.Data(("customer", customer)));
}
