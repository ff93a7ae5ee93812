using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 18: a settlement, a start, a claim, an event that the database refuses stops neither those beside it nor the
/// loop.</summary>
public sealed class Refused(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>By chat: what the provider, or a bug in a guest's sender, comes up with.</summary>
    private static readonly SendResult?[] Answers =
    [
        new SendResult.Sent("1"),
        new SendResult.Rejected("a\0b"),
        new SendResult.Rejected("\ud83d"),
        new SendResult.Uncertain(new('x', 10_000_000)),
        new SendResult.Unreachable("\0", "-100\0"),
        new SendResult.Sent("7\07"),
        new SendResult.Sent(new('7', 10_000_000)),
        new SendResult.Sent(""),
        null,
        new SendResult.Sent("10"),
    ];

    [Fact]
    public async Task Whatever_a_sender_answers_is_settled_and_so_is_what_was_sent_beside_it()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Kinds:CONFIRM_2H:Channels:0", Hostile.Name));
        var sender = new Hostile(delivery =>
            Answers[int.Parse(delivery.Address, System.Globalization.CultureInfo.InvariantCulture) - 1]
            ?? throw new InvalidOperationException("a bug that quotes \0 and \ud83d and " + new string('x', 10_000_000))
        );
        var hand = new Hand(cluster, cluster.AddStillNode(sender.AddTo));
        for (var chat = 1; chat <= Answers.Length; chat++)
        {
            var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat);
            await Hostile.AddressAsync(cluster, chat);
            await cluster.ApproveAsync(booking);
        }
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync(
            """
            SELECT count(*) = 10 AND count(*) FILTER (WHERE m.state = 'sending') = 0
                AND count(*) FILTER (WHERE state IN ('pending', 'retry')) = 0
            FROM reminders.outbox m WHERE channel = 'hostile'
            """,
            Patience
        );
        Assert.Equal(
            ["sent", "dead", "dead", "uncertain", "dead", "sent", "sent", "sent", "uncertain", "sent"],
            await cluster.ScalarAsync<string[]>(
                """
                SELECT array_agg(m.state ORDER BY a.address::int) FROM reminders.outbox m
                JOIN reminders.address a ON a.recipient_id = m.recipient_id AND a.channel = m.channel WHERE m.channel = 'hostile'
                """
            )
        );
        // In none of the tables is any of it longer than a person would read.
        Assert.True(
            await cluster.ScalarAsync<bool>(
                """
                SELECT (SELECT max(length(reason)) FROM reminders.outbox) <= 1000 AND (SELECT max(length(detail))
                    FROM reminders.attempt) <= 1000
                   AND (SELECT max(length(reason)) FROM reminders.address) <= 1000
                """
            )
        );
        // Delivered under an id that is none: sent, and saying so.
        Assert.Equal(
            3,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.outbox WHERE state = 'sent' AND provider_message_id IS NULL AND "
                    + "reason LIKE "
                    + "'id_unkept %'"
            )
        );
        Assert.Equal(Answers.Length, sender.Given.Count);
    }

    [Theory]
    // Everything that is said of it, then the attempt alone, then the row itself, whatever is written of it.
    [InlineData("BEFORE UPDATE ON reminders.outbox", "NEW.state = 'dead' AND NEW.reason NOT LIKE 'detail_lost P0001'", "dead")]
    [InlineData("BEFORE INSERT ON reminders.attempt", "NEW.outcome = 'rejected'", "dead")]
    [InlineData(
        "BEFORE UPDATE ON reminders.outbox",
        "OLD.state = 'sending' AND NEW.state <> 'sending' AND NEW.kind = 'CONFIRM_2H' AND NEW.recipient_id "
            + "= (SELECT "
            + "recipient_id FROM reminders.address WHERE address = '3' AND channel = 'telegram')",
        "sending"
    )]
    public async Task A_settlement_that_is_refused_is_written_with_less_and_keeps_no_other_from_being_settled(
        string at,
        string when,
        string state
    )
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 6; chat++)
        {
            await hand.QueueAsync(chat);
        }

        cluster.Telegram.Deactivate(3); // its message is the one refused, by Telegram and then by the database
        await RefuseAsync(cluster, at, when.Replace("'rejected'", "'unreachable'", StringComparison.Ordinal));
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT count(*) = 5 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'", Patience);
        await cluster.UntilAsync(
            $"""
            SELECT m.state = '{state}' FROM reminders.outbox m JOIN reminders.address a USING (recipient_id, channel) WHERE a.address = '3'
            """,
            Patience
        );
        // Said where people look, though the channel goes on.
        await SaysAsync(cluster, "settle: 1 (the last with SQLSTATE P0001)");
        var next = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 7);
        await cluster.ApproveAsync(next);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(7).Count == 1, Patience);
        Assert.All([1L, 2, 4, 5, 6, 7], chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
    }

    /// <summary>Something in one person's data that the last look before the first byte chokes on.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("1000")]
    public async Task A_message_that_cannot_be_started_is_tried_later_and_the_others_are_sent(string perSecond)
    {
        var (cluster, hand) = await Hand.StillAsync(
            postgres,
            ("Outbox:MaxAttempts", "2"),
            ("Outbox:Limits:telegram:PerSecond", perSecond),
            ("Outbox:RetryBase", "00:00:01")
        );
        await using var _ = cluster;
        for (var chat = 1; chat <= 5; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var unstartable = await cluster.ScalarAsync<long>(
            "SELECT recipient_id FROM reminders.address WHERE address = '2' AND channel = 'telegram'"
        );
        await RefuseAsync(
            cluster,
            "BEFORE UPDATE ON reminders.outbox",
            $"NEW.send_started_at IS NOT NULL AND NEW.recipient_id = {unstartable}",
            "22023"
        );
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT count(*) = 4 FROM reminders.outbox WHERE kind = 'CONFIRM_2H' AND state = 'sent'", Patience);
        await cluster.UntilAsync("SELECT state = 'dead' FROM reminders.outbox WHERE starts_with(reason, 'cannot_start 22023: ')", Patience);
        Assert.Empty(cluster.Telegram.Record.MessagesTo(2));
        await SaysAsync(cluster, "start: 1 (the last with SQLSTATE 22023)");
        // Rule 10: the recruiter hears of it.
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Patience);
    }

    [Fact]
    public async Task A_message_that_cannot_be_claimed_is_left_alone_and_the_others_are_sent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 5; chat++)
        {
            await hand.QueueAsync(chat);
        }

        await RefuseAsync(
            cluster,
            "BEFORE UPDATE ON reminders.outbox",
            "NEW.state = 'sending' AND NEW.id = (SELECT min(id) FROM reminders.outbox)"
        );
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT count(*) = 4 FROM reminders.outbox WHERE state = 'sent'", Patience);
        await cluster.ExecuteAsync("DROP TRIGGER refuse ON reminders.outbox");
        await cluster.UntilAsync("SELECT count(*) = 5 FROM reminders.outbox WHERE state = 'sent'", Patience);
    }

    [Fact]
    public async Task A_lost_lease_that_cannot_be_ended_keeps_no_other_from_ending()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 3; chat++)
        {
            await hand.QueueAsync(chat);
        }

        var claims = await hand.Store.ClaimAsync("telegram", 10, default);
        await hand.BeginAsync([.. claims]);
        foreach (var claim in claims)
        {
            await hand.RunOutAsync(claim);
        }

        await RefuseAsync(cluster, "BEFORE UPDATE ON reminders.outbox", $"NEW.id = {claims[0].Id}");
        Assert.True(await hand.Reaper.ReapAsync(default));
        Assert.Equal(
            ["sending", "uncertain", "uncertain"],
            await cluster.ScalarAsync<string[]>("SELECT array_agg(state ORDER BY id) FROM reminders.outbox")
        );
    }

    [Fact]
    public async Task A_doubt_past_its_use_and_a_wait_past_its_use_that_cannot_be_ended_keep_no_other_from_ending()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 3; chat++)
        {
            await hand.QueueAsync(chat);
            await hand.DeliverAsync(new SendResult.Uncertain("timeout"));
        }
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now() - interval '1 second'");
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET state = 'waiting', useful_until = now() - interval '1 second' WHERE kind = 'CONFIRM_2H'"
        );
        await RefuseAsync(
            cluster,
            "BEFORE UPDATE ON reminders.outbox",
            $"NEW.id = {await cluster.ScalarAsync<long>("SELECT min(id) FROM reminders.outbox")}"
        );
        await RefuseAsync(
            cluster,
            "BEFORE UPDATE ON reminders.occurrence",
            $"NEW.id = {await cluster.ScalarAsync<long>("SELECT min(id) FROM reminders.occurrence WHERE state = 'waiting'")}"
        );
        await hand.Reaper.ExpireAsync(default);
        Assert.Equal(
            ["uncertain", "dead", "dead"],
            await cluster.ScalarAsync<string[]>("SELECT array_agg(state ORDER BY id) FROM reminders.outbox")
        );
        Assert.Equal(
            ["waiting", "skipped", "skipped"],
            await cluster.ScalarAsync<string[]>("SELECT array_agg(state ORDER BY id) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'")
        );
    }

    [Fact]
    public async Task An_occurrence_that_cannot_be_fired_and_an_event_that_cannot_be_planned_for_are_left_alone()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= 3; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat));
        }

        await RefuseAsync(
            cluster,
            "BEFORE INSERT ON reminders.outbox",
            "NEW.occurrence_id = (SELECT min(id) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H')"
        );
        Assert.Equal(2, await hand.FireAsync());
        Assert.Equal(0, await hand.FireAsync());
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));

        await cluster.ExecuteAsync(
            """
            INSERT INTO reminders.event (subject_id, name, cause) SELECT id, 'reminder_skipped', 'test' FROM reminders.subject
                WHERE type = 'booking'
            """
        );
        await RefuseAsync(
            cluster,
            "BEFORE INSERT ON reminders.occurrence",
            $"NEW.subject_id = {await cluster.ScalarAsync<long>("SELECT min(subject_id) FROM reminders.event")}"
        );
        Assert.True(await hand.Events.PlanAsync(default));
        Assert.False(await hand.Events.PlanAsync(default));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.event"));
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'REMINDER_SKIPPED'"));
    }

    /// <summary>138,000 lines in 20 s, and then an abort.</summary>
    [Fact]
    public async Task A_node_that_stops_while_no_outcome_can_be_written_leaves_soon_and_quietly()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ("Logging:LogLevel:Default", "Warning"));
        using var log = new Lines();
        var node = cluster.AddStillNode(services => services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log));
        var hand = new Hand(cluster, node);
        await hand.QueueAsync();
        // Out of memory, out of disk: the server is there and takes nothing.
        await RefuseAsync(cluster, "BEFORE UPDATE ON reminders.outbox", "OLD.state = 'sending' AND NEW.state <> 'sending'", "53100");
        await node.StartAsync(TestContext.Current.CancellationToken);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        var pulse = node.Services.GetRequiredService<LoopWatch>().Add("dispatch telegram", TimeSpan.Zero);
        // Twice the turn of a loop that has nothing to do: a dispatcher that gets nothing done does not beat.
        await Eventually.TrueAsync(() => Task.FromResult(pulse.Silence > TimeSpan.FromSeconds(4)), Patience, "the pulse stays away");

        var before = log.Count;
        var began = TimeProvider.System.GetTimestamp();
        await node.StopAsync(TestContext.Current.CancellationToken);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.InRange(log.Count - before, 0, 10);
        Assert.Equal("sending", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox"));
        // Its lease makes it a doubt, by any other node.
        await cluster.ExecuteAsync("DROP TRIGGER refuse ON reminders.outbox");
        await cluster.ExecuteAsync(
            """
            UPDATE reminders.outbox SET lease_until = now() - interval '1 second';
            UPDATE reminders.lease_end SET at = now() - interval '1 second'
            """
        );
        await hand.Reaper.ReapAsync(default);
        Assert.Equal("uncertain", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox"));
    }

    [Fact]
    public async Task A_dispatcher_with_nothing_to_do_beats()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1, overrides: ("Outbox:PollInterval", "00:00:00.2"));
        var pulse = cluster.Nodes[0].Services.GetRequiredService<LoopWatch>().Add("dispatch telegram", TimeSpan.Zero);
        await Eventually.TrueAsync(() => Task.FromResult(pulse.Silence > TimeSpan.FromMilliseconds(50)), Patience, "some silence");
        await Eventually.TrueAsync(() => Task.FromResult(pulse.Silence < TimeSpan.FromMilliseconds(50)), Patience, "a beat");
    }

    /// <summary>A claim that finds nothing while something is due met a locked row, and asked again as fast as the database
    /// answers.</summary>
    [Fact]
    public async Task A_row_that_somebody_else_has_locked_does_not_make_the_claims_spin()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await using var connection = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new Npgsql.NpgsqlCommand("SELECT FROM reminders.outbox FOR UPDATE", connection))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var began = TimeProvider.System.GetTimestamp();
        await cluster.Nodes[0].StartAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT count(*) > 0 FROM reminders.node", Patience);
        // Long enough for a thousand turns of a spin.
        await Eventually.TrueAsync(
            () => Task.FromResult(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(6)),
            Patience,
            "six seconds"
        );
        var scans = await cluster.ScalarAsync<long>(
            """
            SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()
            """
        );
        Assert.InRange(scans, 0, 1000);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await cluster.UntilAsync("SELECT state = 'sent' FROM reminders.outbox", Patience);
    }

    /// <summary>The others are settled beside the refused one, not after it: the database may show them before the node says so.</summary>
    private static Task SaysAsync(Cluster cluster, string aside) =>
        Eventually.TrueAsync(
            () => Task.FromResult(cluster.Nodes[0].Services.GetRequiredService<PutAsides>().Look().Contains(aside)),
            Patience,
            aside
        );

    private static Task RefuseAsync(Cluster cluster, string at, string when, string sqlState = "P0001") =>
        cluster.ExecuteAsync(
            $"""
            CREATE OR REPLACE FUNCTION refuse_{at.Split('.')[1]}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF {when} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '{sqlState}'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse {at} FOR EACH ROW EXECUTE FUNCTION refuse_{at.Split('.')[1]}();
            """
        );
}
