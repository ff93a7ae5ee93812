using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>Rule 4: the three identity policies, asked for on two nodes at once.</summary>
[Trait("Suite", "Quick")]
public sealed class Identities(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (string, string?)[] CartsByTelegram =
    [
        ("Kinds:CART_ABANDONED:Channels:0", "telegram"),
        ("Kinds:TICKET_ASSIGNED:Channels:1", "telegram"),
        ("Kinds:TICKET_ASSIGNED:Supersedes", "true"),
    ];

    [Fact]
    public async Task A_customer_created_twenty_times_at_once_gives_each_of_eight_users_one_item()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.KeepPeopleAsync(8);
        var users = Enumerable.Range(1, 8).Select(n => $"u{n}").ToArray();
        for (var round = 1; round <= 5; round++)
        {
            var customer = $"customer-{round}";
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(n => Task.Run(() => cluster.AskAsync(Asking.Customer(customer, users), n % 2)))
            );
            Assert.Equal(8, answers.Sum(answer => answer.Planned));
            Assert.Equal(19 * 8, answers.Sum(answer => answer.Suppressed));
            await cluster.UntilAsync("SELECT count(*) = $1 FROM reminders.inbox_item", Patience, 8L * round);
        }
        Assert.Equal(8, await cluster.ScalarAsync<long>("SELECT count(DISTINCT recipient_id) FROM reminders.inbox_item"));
        Assert.Equal(5 * 19 * 8, await cluster.ScalarAsync<long>("SELECT sum(count) FROM reminders.suppression"));
        // Numbered from one without a gap, so that a cursor misses nothing.
        Assert.True(
            await cluster.ScalarAsync<bool>(
                """
                SELECT bool_and(first = 1 AND last = 5 AND items = 5) FROM (
                    SELECT min(seq) AS first, max(seq) AS last, count(*) AS items FROM reminders.inbox_item GROUP BY recipient_id) t
                """
            )
        );
    }

    [Fact]
    public async Task Who_heard_of_a_customer_once_never_hears_of_it_again_and_the_answer_names_the_row()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.KeepPeopleAsync(2);
        var first = await cluster.AskAsync(Asking.Customer("customer-1", "u1"));
        await cluster.UntilAsync("SELECT count(*) = 1 FROM reminders.inbox_item", Patience);
        var again = await cluster.AskAsync(Asking.Customer("customer-1", "u1", "u2", "u2", "nobody"), 1);
        Assert.Equal(["u1", "u2", "nobody"], again.Recipients.Select(one => one.Recipient));
        Assert.Equal(
            [RecipientOutcome.Suppressed, RecipientOutcome.Planned, RecipientOutcome.Refused],
            again.Recipients.Select(one => one.Result)
        );
        Assert.Equal(first.Recipients[0].Occurrence, again.Recipients[0].Occurrence);
        Assert.Contains("told once, ever", again.Recipients[0].Reason, StringComparison.Ordinal);
        Assert.Contains("is fired", again.Recipients[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_cart_is_told_once_in_24_hours_a_changed_one_at_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: CartsByTelegram);
        await cluster.KeepPeopleAsync(1);
        for (var round = 1; round <= 10; round++)
        {
            var cart = $"cart-{round}";
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(n => Task.Run(() => cluster.AskAsync(Asking.Cart(cart, "9f2c", "u1"), n % 2)))
            );
            Assert.Equal(1, answers.Sum(answer => answer.Planned));
            var refused = answers.First(answer => answer.Suppressed == 1).Recipients[0];
            Assert.Contains("the same within 24 hours", refused.Reason, StringComparison.Ordinal);
        }
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 10, Patience);

        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "77aa", "u1"))).Planned);
        Assert.Equal(0, (await cluster.AskAsync(Asking.Cart("cart-1", "77aa", "u1"), 1)).Planned);
        Assert.Equal(0, (await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"), 1)).Planned);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 11, Patience);

        await cluster.ExecuteAsync("UPDATE reminders.window_key SET armed_at = armed_at - interval '24 hours 1 second'");
        var later = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(n => Task.Run(() => cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"), n % 2)))
        );
        Assert.Equal(1, later.Sum(answer => answer.Planned));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 12, Patience);
    }

    [Fact]
    public async Task A_changed_cart_takes_the_place_of_the_mail_that_was_not_sent_yet()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: CartsByTelegram);
        await cluster.KeepPeopleAsync(2);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1", "u2") with { DelaySeconds = 3600 });
        await cluster.AskAsync(Asking.Cart("cart-1", "77aa", "u1"), 1);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
        // The other one's is their own.
        Assert.Equal(
            "cancelled,fired|planned",
            await cluster.ScalarAsync<string>(
                """
                SELECT string_agg(states, '|' ORDER BY reference) FROM (
                    SELECT r.reference, string_agg(o.state, ',' ORDER BY o.id) AS states
                    FROM reminders.occurrence o JOIN reminders.recipient r ON r.id = o.recipient_id GROUP BY r.reference) t
                """
            )
        );
    }

    [Fact]
    public async Task A_version_is_told_once_a_newer_one_takes_its_place_and_an_older_one_comes_too_late()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: CartsByTelegram);
        await cluster.KeepPeopleAsync(2);
        for (var round = 1; round <= 10; round++)
        {
            var ticket = $"ticket-{round}";
            var first = await Task.WhenAll(
                Enumerable
                    .Range(0, 10)
                    .Select(n => Task.Run(() => cluster.AskAsync(Asking.Assigned(ticket, 1, "u1") with { DelaySeconds = 3600 }, n % 2)))
            );
            Assert.Equal(1, first.Sum(answer => answer.Planned));
            // Version 2 goes to another person, from both nodes at once; version 1 has not been sent and is not any more.
            var second = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(n => Task.Run(() => cluster.AskAsync(Asking.Assigned(ticket, 2, "u2"), n % 2)))
            );
            Assert.Equal(1, second.Sum(answer => answer.Planned));
            var late = await cluster.AskAsync(Asking.Assigned(ticket, 1, "u2"));
            Assert.Contains("superseded by version 2", late.Recipients[0].Reason, StringComparison.Ordinal);
        }
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 10, Patience);
        Assert.Equal(10, cluster.Telegram.Record.MessagesTo(2002).Count);
        Assert.Equal(
            "superseded 2",
            await cluster.ScalarAsync<string>("SELECT DISTINCT reason FROM reminders.occurrence WHERE version = 1")
        );
        Assert.Equal(20, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task A_message_that_is_claimed_but_not_begun_gives_way_to_a_newer_version()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: CartsByTelegram);
        var node = cluster.AddStillNode();
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 1, "u1"));
        var hand = new Hand(cluster, node);
        await hand.FireAsync();
        var claim = Assert.Single(await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken));
        await cluster.AskAsync(Asking.Assigned("ticket-1", 2, "u1"));
        Assert.Empty((await hand.BeginAsync(claim)).Started);
        Assert.Equal("cancelled", await hand.StateAsync(claim.Id));
    }

    [Fact]
    public async Task Closing_a_subject_takes_back_what_is_unsent_and_leaves_its_window_open()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: CartsByTelegram);
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1") with { DelaySeconds = 3600 });
        var bought = Assert.IsType<Outcome<CancelResult>.Done>(await cluster.SendAsync(new CancelNotifications("cart", "cart-1"), 1));
        Assert.Equal(1, bought.Value.Cancelled);
        var again = Assert.IsType<Outcome<CancelResult>.Done>(await cluster.SendAsync(new CancelNotifications("cart", "cart-1")));
        Assert.Equal(0, again.Value.Cancelled);

        // Nothing was told, so the same cart, left behind once more, is told; and what was told closes the window.
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"))).Planned);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        await cluster.SendAsync(new CancelNotifications("cart", "cart-1"));
        Assert.Equal(0, (await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"))).Planned);
        Assert.IsType<Outcome<CancelResult>.NotFound>(await cluster.SendAsync(new CancelNotifications("cart", "cart-2")));
    }

    [Fact]
    public async Task A_closed_ticket_that_is_opened_again_is_a_new_version()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: CartsByTelegram);
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 5, "u1"));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
        await cluster.SendAsync(new CancelNotifications("ticket", "ticket-1"));
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", null, "u1"), 1)).Planned);
        Assert.Equal(0, (await cluster.AskAsync(Asking.Assigned("ticket-1", null, "u1"))).Planned);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 2, Patience);
        Assert.Equal(6, await cluster.ScalarAsync<long>("SELECT max(version) FROM reminders.occurrence"));
    }
}
