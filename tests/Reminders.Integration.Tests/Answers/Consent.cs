using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;
using Reminders.Integration.Tests.Web;
using Reminders.People;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Answers;

/// <summary>/stop and unsubscribe belong to the address, however it is spelt and whoever has it now or will have it later.</summary>
public sealed class Consent(Postgres postgres)
{
    private static readonly (string, string?)[] CartsAnywhere =
    [
        ("Kinds:CART_ABANDONED:Channels:0", "telegram"),
        ("Kinds:CART_ABANDONED:Channels:1", "email"),
        ("Kinds:CART_ABANDONED:Channels:2", "whatsapp"),
        ("Email:Host", "127.0.0.1"),
        ("Email:From", "reminders@example.org"),
        .. WhatsAppNodes.SettingsFor(new("http://127.0.0.1:1/v23.0")),
    ];

    [Theory]
    [InlineData("telegram", "2001", "2001", "02001")]
    [InlineData("email", "anna@example.com", "Anna@Example.COM", "ANNA@example.com")]
    [InlineData("whatsapp", "4915123456789", "+49 151 23456789", "0049 (151) 23456789")]
    public async Task The_same_address_under_other_references_stays_silent_now_and_later(
        string channel,
        string stopped,
        string now,
        string later
    )
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: CartsAnywhere);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await KeepAsync(cluster, "u1", channel, now);
        Assert.IsType<Outcome<OptOutChanged>.Done>(await cluster.SendAsync(new ChangeOptOut(channel, OptedOut: true, stopped)));
        await KeepAsync(cluster, "u2", channel, later);
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1", "u2"));
        await hand.FireAsync();
        Assert.Equal(
            "2 opted_out",
            await cluster.ScalarAsync<string>("SELECT count(*) || ' ' || min(reason) FROM reminders.occurrence WHERE state = 'skipped'")
        );
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));

        await cluster.SendAsync(new ChangeOptOut(channel, OptedOut: false, stopped));
        await cluster.AskAsync(Asking.Cart("cart-2", "9f2c", "u1", "u2"));
        await hand.FireAsync();
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE state = 'pending'"));
    }

    [Fact]
    public async Task What_is_queued_for_the_twin_is_not_sent_and_falls_over_to_no_silenced_address()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: CartsAnywhere);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await KeepAsync(cluster, "u1", "telegram", "2001");
        await KeepAsync(cluster, "u1", "email", "anna@example.com");
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        await hand.FireAsync();
        var claim = await hand.ClaimAsync();
        // Somebody who is not u1 to us, and of whom only the address is known.
        await cluster.SendAsync(new ChangeOptOut("email", OptedOut: true, "ANNA@example.com"));
        var started = await hand.StartAsync(claim);
        await hand.SettleAsync(started, new SendResult.Unreachable("blocked"));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));

        await KeepAsync(cluster, "u2", "telegram", "2002");
        await cluster.AskAsync(Asking.Cart("cart-2", "9f2c", "u2"));
        await hand.FireAsync();
        var second = await hand.ClaimAsync();
        // The row of u2 is not touched, as if it had been written by a transaction that /stop did not see.
        await cluster.ExecuteAsync(
            "INSERT INTO reminders.opt_out (key, channel) VALUES (reminders.address_key('telegram', '2002'), 'telegram')"
        );
        Assert.Empty((await hand.BeginAsync(second)).Started);
        Assert.Equal("opted_out", await cluster.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE id = $1", second.Id));
    }

    [Fact]
    public async Task Unsubscribing_by_one_persons_link_silences_the_mailbox_and_what_is_shown_says_so()
    {
        await using var node = await WebNode.StartAsync(postgres);
        foreach (var reference in (string[])["u1", "u2"])
        {
            await node.SendAsync(
                HttpMethod.Put,
                "/api/recipients",
                $$$"""{"recipients":[{"reference":"{{{reference}}}","name":"Anna","addresses":{"email":"Anna@example.com"}}]}"""
            );
        }

        var code = await node.ScalarAsync<string>("SELECT unsubscribe_code FROM reminders.recipient WHERE reference = 'u1'");
        Assert.Equal(200, (await node.PostAsync($"/unsubscribe/{code}", key: "")).Status);
        await node.SendAsync(
            HttpMethod.Put,
            "/api/recipients",
            """{"recipients":[{"reference":"u3","name":"Anna","addresses":{"email":"anna@EXAMPLE.com"}}]}"""
        );
        foreach (var reference in (string[])["u1", "u2", "u3"])
        {
            Assert.Equal("opted_out", (string?)(await node.GetAsync($"/api/recipients/{reference}")).Json["addresses"]![0]!["state"]);
        }
        // No address is kept for it: the person may be forgotten, and stays silent.
        Assert.Equal(32, await node.ScalarAsync<int>("SELECT octet_length(key) FROM reminders.opt_out"));
        Assert.Equal(200, (await node.PostAsync($"/unsubscribe/{code}/again", key: "")).Status);
        Assert.Equal("reachable", (string?)(await node.GetAsync("/api/recipients/u3")).Json["addresses"]![0]!["state"]);
        Assert.Equal(
            "address.opt_in 3, address.opt_out 2",
            await node.ScalarAsync<string>(
                """
                SELECT string_agg(action || ' ' || people, ', ' ORDER BY action) FROM (
                    SELECT action, count(DISTINCT about) AS people FROM reminders.audit WHERE actor = 'email: their link'
                        GROUP BY action) of_them
                """
            )
        );
    }

    [Fact]
    public async Task A_chat_that_stopped_before_anybody_knew_it_is_silent_until_its_own_start()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: CartsAnywhere);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.SendAsync(new ChangeOptOut("telegram", OptedOut: true, "5005"));
        await KeepAsync(cluster, "u1", "telegram", "5005");
        await cluster.AskAsync(Asking.Cart("cart-1", "9f2c", "u1"));
        await hand.FireAsync();
        Assert.Equal("skipped", await cluster.ScalarAsync<string>("SELECT state FROM reminders.occurrence"));
        var code = await cluster.ScalarAsync<string>("SELECT start_code FROM reminders.recipient");
        Assert.Equal(BindResult.Bound, await cluster.SendAsync(new BindChat(5005, code)));
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.opt_out"));
    }

    [Fact]
    public async Task What_was_opted_out_before_the_migration_is_so_for_the_address()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        await KeepAsync(cluster, "u1", "email", "anna@example.com");
        await KeepAsync(cluster, "u2", "email", "Anna@example.com");
        await cluster.ExecuteAsync("UPDATE reminders.address SET state = 'opted_out' WHERE address = 'anna@example.com'");
        var script = typeof(RemindersServices).Assembly.GetManifestResourceStream("engine/015-answers-and-consent.sql")!;
        var text = await new StreamReader(script).ReadToEndAsync(TestContext.Current.CancellationToken);
        var from = text.IndexOf("INSERT INTO reminders.opt_out", StringComparison.Ordinal);
        await cluster.ExecuteAsync(text[from..text.IndexOf("-- Written because", StringComparison.Ordinal)].TrimEnd());
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.address WHERE state = 'opted_out'"));
    }

    private static async Task KeepAsync(Cluster cluster, string reference, string channel, string address) =>
        Assert.IsType<Outcome<RecipientsKept>.Done>(
            await cluster.SendAsync(
                new KeepRecipients([new(reference, reference, Addresses: new Dictionary<string, string> { [channel] = address })])
            )
        );
}
