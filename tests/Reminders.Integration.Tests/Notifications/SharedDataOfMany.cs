using System.Security.Cryptography;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>What is said to many is kept once.</summary>
public sealed class SharedDataOfMany(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Data_to_a_group_is_kept_once_and_read_by_each()
    {
        const int People = 300;
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(People);
        // Random, so that PostgreSQL cannot make it small.
        var customer = RandomNumberGenerator.GetHexString(3900);
        var ask = new Notify(
            "CUSTOMER_CREATED",
            "c1",
            Recipients: [.. Enumerable.Range(1, People).Select(n => $"u{n}")],
            Data: Asking.Data(("customer", customer))
        );
        Assert.Equal(People, (await cluster.AskAsync(ask)).Planned);
        await Eventually.TrueAsync(
            async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.inbox_item") == People,
            Patience,
            "the items"
        );
        Assert.Equal(People, (await cluster.AskAsync(ask)).Suppressed);

        var bytes = await cluster.ScalarAsync<long>(
            """
            SELECT (SELECT sum(pg_column_size(o.*)) FROM reminders.occurrence o)::bigint + (SELECT sum(pg_column_size(i.*))
                FROM reminders.inbox_item i)::bigint
            """
        );
        Assert.InRange(bytes / People, 1, 800);
        Assert.Equal(1L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.shared_data"));
        Assert.Equal(
            (long)People,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.inbox_item i WHERE (i.data || (SELECT s.data FROM reminders.shared_data s
                    WHERE s.id = i.data_id)) ->> 'customer' = $1
                """,
                customer
            )
        );
    }

    [Fact]
    public async Task Each_occurrence_keeps_its_own_request_s_data_though_the_subject_moves_on()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(3);
        string Long(char letter) => new(letter, 400);
        await cluster.AskAsync(
            new Notify("CUSTOMER_CREATED", "c1", Recipients: ["u1", "u2"], Data: Asking.Data(("customer", Long('a'))), DelaySeconds: 2)
        );
        await cluster.AskAsync(new Notify("CUSTOMER_CREATED", "c1", Recipients: ["u3"], Data: Asking.Data(("customer", Long('b')))));
        await Eventually.TrueAsync(
            async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.inbox_item") == 3,
            Patience,
            "the items"
        );
        Assert.Equal(
            "aab",
            await cluster.ScalarAsync<string>(
                """
                SELECT string_agg(left((i.data || coalesce((SELECT s.data FROM reminders.shared_data s
                    WHERE s.id = i.data_id), '{}')) ->> 'customer', 1), '' ORDER BY i.recipient_id)
                FROM reminders.inbox_item i
                """
            )
        );
    }

    [Fact]
    public async Task A_message_of_shared_data_is_sent_with_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1, overrides: ("Kinds:CART_ABANDONED:Channels:0", "telegram"));
        await cluster.KeepPeopleAsync(2);
        var items = new string('x', 300);
        await cluster.AskAsync(
            new Notify(
                "CART_ABANDONED",
                "cart",
                Recipients: ["u1", "u2"],
                DelaySeconds: 0,
                Data: Asking.Data(("cart_hash", "h"), ("items", items), ("url", "https://shop.example.com/cart"))
            )
        );
        await Eventually.TrueAsync(
            async () => await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'sent'") == 2,
            Patience,
            "the messages"
        );
        Assert.Contains(items, Assert.Single(cluster.Telegram.Record.MessagesTo(2001)).Text, StringComparison.Ordinal);
    }
}
