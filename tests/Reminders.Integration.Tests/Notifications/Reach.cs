using Npgsql;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;
using Reminders.People;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>Whom a notification reaches, and where: groups, preferences, opt-outs, bulks.</summary>
public sealed class Reach(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (string, string?)[] ByTelegram =
    [
        ("Kinds:CART_ABANDONED:Channels:0", "telegram"),
        ("Kinds:TICKET_ASSIGNED:Channels:1", "telegram"),
    ];

    [Fact]
    public async Task Ten_thousand_in_one_call_are_planned_once_and_each_has_an_item()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.KeepPeopleAsync(10_000);
        var everybody = Enumerable.Range(1, 10_000).Select(n => $"u{n}").ToArray();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(n => Task.Run(() => cluster.AskAsync(Asking.Customer("customer-1", everybody), n)))
        );
        Assert.Equal(10_000, answers.Sum(answer => answer.Planned));
        Assert.Equal(10_000, answers.Sum(answer => answer.Suppressed));
        await cluster.UntilAsync("SELECT count(*) = 10000 AND count(DISTINCT recipient_id) = 10000 FROM reminders.inbox_item", Patience);
    }

    [Fact]
    public async Task A_group_is_told_as_it_is_when_it_is_asked_for()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.KeepPeopleAsync(4);
        await cluster.SendAsync(new KeepGroup("sales", ["u1", "u2", "u3"]));
        await cluster.SendAsync(new KeepGroup("sales", ["u2", "u3", "u4"]), 1);
        var told = await cluster.AskAsync(Asking.Customer("customer-1") with { Recipients = null, Group = "sales" });
        Assert.Equal(["u2", "u3", "u4"], told.Recipients.Select(one => one.Recipient));
        Assert.Equal(3, told.Planned);
        Assert.IsType<Outcome<NotifyResult>.NotFound>(
            await cluster.SendAsync(Asking.Customer("customer-1") with { Recipients = null, Group = "marketing" })
        );
        var unknown = Assert.IsType<Outcome<GroupView>.Invalid>(await cluster.SendAsync(new KeepGroup("sales", ["u1", "u9"])));
        Assert.Contains("'u9'", unknown.Errors["members"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_for_every_channel_writes_an_item_and_a_message_and_heeds_what_the_person_wants()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ByTelegram);
        await cluster.KeepPeopleAsync(1);
        await cluster.SendAsync(
            new KeepRecipients([
                Person("u2", 2002, new PreferenceDraft(false, Channel: "telegram")),
                Person("u3", 2003, new PreferenceDraft(false)),
                Person("u4", 2004, new PreferenceDraft(false, Channel: "telegram"), new PreferenceDraft(true, "TICKET_ASSIGNED")),
                Person("u5", 2005, new PreferenceDraft(false, "TICKET_ASSIGNED"), new PreferenceDraft(true, "TICKET_ASSIGNED", "inbox")),
            ])
        );
        cluster.Telegram.AddChat(2004);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 1, "u1", "u2", "u3", "u4", "u5"));
        await cluster.UntilAsync("SELECT count(*) = 5 FROM reminders.occurrence WHERE state IN ('fired', 'skipped')", Patience);
        Assert.Equal("u1,u2,u4,u5", await RecipientsOf(cluster, "inbox_item"));
        Assert.Equal("u1,u4", await RecipientsOf(cluster, "outbox"));
        Assert.Equal("not_wanted", await cluster.ScalarAsync<string>("SELECT reason FROM reminders.occurrence WHERE state = 'skipped'"));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 2, Patience);
        Assert.Equal("The ticket \"Printer\" was assigned to you by Rita.", cluster.Telegram.Record.MessagesTo(2001)[0].Text);
    }

    [Fact]
    public async Task What_a_person_does_not_want_any_more_while_its_message_waits_is_not_sent()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByTelegram);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        await hand.FireAsync();
        var claim = await hand.ClaimAsync();
        await cluster.SendAsync(new KeepRecipients([Person("u1", 2001, new PreferenceDraft(false, "CART_ABANDONED"))]));
        Assert.Empty((await hand.BeginAsync(claim)).Started);
        Assert.Equal("cancelled: not_wanted", await cluster.ScalarAsync<string>("SELECT state || ': ' || reason FROM reminders.outbox"));
    }

    [Fact]
    public async Task Who_opts_out_while_a_message_waits_does_not_get_it_until_they_opt_in_again()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByTelegram);
        var node = cluster.AddStillNode();
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        var hand = new Hand(cluster, node);
        await hand.FireAsync();
        var claim = Assert.Single(await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken));
        Assert.IsType<Outcome<OptOutChanged>.Done>(await cluster.SendAsync(new ChangeOptOut("telegram", OptedOut: true, Address: "2001")));
        Assert.Empty((await hand.BeginAsync(claim)).Started);
        Assert.Equal("cancelled: opted_out", await cluster.ScalarAsync<string>("SELECT state || ': ' || reason FROM reminders.outbox"));

        // The app saying the address again is not the person saying it.
        await cluster.SendAsync(new KeepRecipients([Person("u1", 2001)]));
        await cluster.AskAsync(Asking.Cart("cart-2", "9f2c", "u1"));
        await hand.FireAsync();
        Assert.Equal("opted_out", await cluster.ScalarAsync<string>("SELECT reason FROM reminders.occurrence WHERE state = 'skipped'"));

        await cluster.SendAsync(new ChangeOptOut("telegram", OptedOut: false, Address: "2001"));
        await cluster.AskAsync(Asking.Cart("cart-3", "9f2c", "u1"));
        await hand.FireAsync();
        Assert.Single(await hand.Store.ClaimAsync("telegram", 10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stop_and_start_in_Telegram_are_obeyed_on_any_node()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ByTelegram);
        await cluster.KeepPeopleAsync(1);
        cluster.Telegram.SendText(2001, "/stop");
        await cluster.UntilAsync("SELECT state = 'opted_out' FROM reminders.address", Patience);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        await cluster.UntilAsync(
            "SELECT count(*) = 1 FROM reminders.occurrence WHERE state = 'skipped' AND reason = 'opted_out'",
            Patience
        );
        cluster.Telegram.SendText(2001, "/start");
        await cluster.UntilAsync("SELECT state = 'reachable' FROM reminders.address", Patience);
        await cluster.AskAsync(Asking.Cart("cart-2", "9f2c", "u1"), 1);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE kind = 'CART_ABANDONED' AND state = 'sent')", Patience);
        // What else came is what /start is answered with.
        Assert.Single(cluster.Telegram.Record.MessagesTo(2001), message => message.Text.Contains("Your cart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_address_it_waits_and_goes_when_there_is_one()
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: ByTelegram);
        cluster.Telegram.AddChat(2001);
        await cluster.SendAsync(new KeepRecipients([new("u1", "User 1")]));
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        await cluster.UntilAsync("SELECT count(*) = 1 FROM reminders.occurrence WHERE state = 'waiting'", Patience);
        await cluster.SendAsync(new KeepRecipients([Person("u1", 2001)]), 1);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == 1, Patience);
    }

    // Neither saw the other: the judge found nobody to write to, and whoever brought the address found nothing waiting.
    [Fact]
    public async Task An_address_that_came_while_its_person_was_being_judged_is_found_afterwards()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByTelegram);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.SendAsync(new KeepRecipients([new("u1", "User 1"), new("u2", "User 2")]));
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1", "u2"));
        await using (var judge = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var judging = await judge.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var judged = new NpgsqlCommand(
                "UPDATE reminders.occurrence SET state = 'waiting', reason = 'no_address', fired_at = now(), fired_by = 'another'",
                judge
            );
            await judged.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await cluster.SendAsync(new KeepRecipients([Person("u1", 2001)]));
            await judging.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE state = 'waiting'"));
        await hand.Firing.ResumeReachedAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            "u1: planned, u2: waiting",
            await cluster.ScalarAsync<string>(
                """
                SELECT string_agg(r.reference || ': ' || o.state, ', ' ORDER BY r.reference)
                FROM reminders.occurrence o JOIN reminders.recipient r ON r.id = o.recipient_id
                """
            )
        );
    }

    private static RecipientDraft Person(string reference, long chat, params PreferenceDraft[] preferences) =>
        new(reference, reference, Addresses: new Dictionary<string, string> { ["telegram"] = $"{chat}" }, Preferences: preferences);

    private static Task<string> RecipientsOf(Cluster cluster, string table) =>
        cluster.ScalarAsync<string>(
            $"SELECT string_agg(r.reference, ',' ORDER BY r.reference) FROM reminders.{table} t JOIN reminders.recipient r "
                + "ON r.id = t.recipient_id"
        );
}
