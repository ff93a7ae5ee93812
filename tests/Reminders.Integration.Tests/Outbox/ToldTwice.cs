using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Doctor;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Whether a person was told the same twice: every such message is found, with what allowed it, or with nothing.</summary>
public sealed class ToldTwice(Postgres postgres)
{
    private const string Copy = """
        INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until,
            send_started_at, settled_at)
        SELECT occurrence_id, kind, recipient_id, channel, 'send', number, 'sent', due_at, useful_until, clock_timestamp(),
            clock_timestamp() FROM reminders.outbox LIMIT 1
        """;

    [Fact]
    public async Task Sent_again_by_an_operator_shows_with_who_and_why()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var held = await hand.DeliverAsync(new SendResult.Uncertain("no whole reply"));
        Assert.IsType<Outcome<OperatorResult>.Done>(await cluster.SendAsync(new ResendHeld(held.Claim.Id, "Anna has nothing")));
        Assert.Empty(await ReasonsAsync(cluster));
        await hand.DeliverAsync(new SendResult.Sent("78"));
        Assert.Equal(["an operator had it resent (engine): Anna has nothing"], await ReasonsAsync(cluster));
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task What_an_operator_knows_did_not_arrive_was_told_once()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var held = await hand.DeliverAsync(new SendResult.Uncertain("no whole reply"));
        await cluster.SendAsync(new SettleHeld(held.Claim.Id, false, "asked"));
        await cluster.SendAsync(new ReplayDead(held.Claim.Id, "asked"));
        await hand.DeliverAsync(new SendResult.Sent("78"));
        Assert.Empty(await ReasonsAsync(cluster));
    }

    [Fact]
    public async Task A_kind_that_goes_everywhere_shows_with_that_reason()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Kinds:TICKET_ASSIGNED:Channels:1", "telegram")]
        );
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 1, "u1"));
        await hand.FireAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        Assert.Equal(["the kind goes to every channel"], await ReasonsAsync(cluster));
        await Duplicates.NoneIn(cluster);
    }

    [Fact]
    public async Task A_fall_back_after_a_doubt_shows_as_one_and_after_a_refusal_is_no_second_telling()
    {
        foreach (var doubt in (bool[])[true, false])
        {
            await using var cluster = await Cluster.StartAsync(
                postgres,
                nodes: 0,
                overrides: [("Kinds:CONFIRM_2H:Channels:1", "letter"), ("Kinds:CONFIRM_2H:FallBackAfter", "00:00:00.001")]
            );
            var hand = new Hand(cluster, cluster.AddStillNode(services => services.AddSingleton(new ServedChannel("letter"))));
            await hand.QueueAsync();
            await cluster.ExecuteAsync(
                "INSERT INTO reminders.address (recipient_id, channel, address) SELECT recipient_id, 'letter', 'l' || "
                    + "address FROM reminders.address"
            );
            await hand.DeliverAsync(doubt ? new SendResult.Uncertain("no whole reply") : new SendResult.Unreachable("blocked"));
            if (doubt)
            {
                await cluster.ExecuteAsync("UPDATE reminders.outbox SET settled_at = now() - interval '1 minute'");
                Assert.Equal(1, await hand.Reaper.FallBackAsync(TestContext.Current.CancellationToken));
            }
            await hand.DeliverAsync(new SendResult.Sent("78"), "letter");
            var reasons = await ReasonsAsync(cluster);
            if (doubt)
            {
                Assert.StartsWith("a fall-back: telegram message ", Assert.Single(reasons), StringComparison.Ordinal);
            }
            else
            {
                Assert.Empty(reasons);
            }

            await Duplicates.NoneIn(cluster);
        }
    }

    [Fact]
    public async Task Moved_there_and_back_is_no_repetition_when_the_other_instant_was_told_in_between()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var start = await cluster.StartOfAsync(booking);
        foreach (var (instant, id) in new[] { (start + TimeSpan.FromMinutes(1), "78"), (start, "79") })
        {
            await cluster.MoveAsync(booking, instant);
            await hand.FireAsync();
            await cluster.ExecuteAsync("UPDATE reminders.outbox SET state = 'cancelled' WHERE operation = 'edit'");
            await hand.DeliverAsync(new SendResult.Sent(id));
        }
        Assert.Equal(3, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.telling"));
        Assert.Empty(await ReasonsAsync(cluster));
    }

    [Fact]
    public async Task What_nothing_allowed_shows_without_a_reason_and_doctor_calls_it_broken()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        Assert.Equal([Health.Good], await HealthAsync(cluster));
        await cluster.ExecuteAsync("ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_identity");
        await cluster.ExecuteAsync(Copy);
        Assert.Equal(["nothing"], await ReasonsAsync(cluster));
        Assert.Equal([Health.Bad], await HealthAsync(cluster));
    }

    [Fact]
    public async Task The_same_row_of_the_ledger_twice_shows_without_a_reason()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.ExecuteAsync("ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity");
        await cluster.ExecuteAsync(
            """
            WITH copy AS (
                INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                    planned_by, fired_at)
                SELECT kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until, planned_by, now()
                FROM reminders.occurrence WHERE kind = 'CONFIRM_2H' RETURNING *)
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until,
                send_started_at)
            SELECT id, kind, recipient_id, 'telegram', 'send', 'sent', due_at, useful_until, now() FROM copy
            """
        );
        Assert.Equal(["nothing"], await ReasonsAsync(cluster));
    }

    [Theory]
    [InlineData("ALTER TABLE reminders.occurrence DROP CONSTRAINT occurrence_identity", "occurrence_identity is missing")]
    [InlineData("ALTER TABLE reminders.outbox DROP CONSTRAINT outbox_identity", "outbox_identity is missing")]
    [InlineData(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'reminders.outbox_digest'::regclass",
        "outbox_digest is missing, invalid"
    )]
    [InlineData(
        "ALTER TABLE reminders.inbox_item DROP CONSTRAINT inbox_item_occurrence; CREATE UNIQUE INDEX inbox_item_occurrence "
            + "ON reminders.inbox_item (id)",
        "inbox_item_occurrence is missing, invalid or not over its columns"
    )]
    public async Task Doctor_sees_at_once_that_nothing_rules_duplicates_out_any_more(string sql, string says)
    {
        var (cluster, _) = await Hand.StillAsync(postgres);
        await using var __ = cluster;
        Assert.Equal(
            Health.Good,
            (await DuplicateChecks.IndexesAsync(new(cluster.Database), TestContext.Current.CancellationToken)).Health
        );
        await cluster.ExecuteAsync(sql);
        var finding = await DuplicateChecks.IndexesAsync(new(cluster.Database), TestContext.Current.CancellationToken);
        Assert.Equal(Health.Bad, finding.Health);
        Assert.Contains(says, finding.Says(), StringComparison.Ordinal);
    }

    private static Task<string[]> ReasonsAsync(Cluster cluster) =>
        cluster.ScalarAsync<string[]>(
            "SELECT coalesce(array_agg(coalesce(reason, 'nothing') ORDER BY told_at), '{}') FROM reminders.told_twice"
        );

    private static async Task<IEnumerable<Health>> HealthAsync(Cluster cluster) =>
        (await DuplicateChecks.ToldTwiceAsync(new(cluster.Database), TestContext.Current.CancellationToken)).Select(finding =>
            finding.Health
        );
}
