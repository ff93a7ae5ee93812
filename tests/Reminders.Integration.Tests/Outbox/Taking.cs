using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>On a channel without limits what is due is fired and started in one step (design.md, the outbox message).</summary>
public sealed class Taking(Postgres postgres)
{
    private const string Kind = "CONFIRM_2H";

    [Fact]
    public async Task What_is_due_and_plain_has_started_when_it_is_handed_over_and_its_ledger_says_fired()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await ApproveAsync(cluster, 1);
        var later = await cluster.ProposeAsync(TimeSpan.FromMinutes(5), 2);
        await cluster.ApproveAsync(later);

        var turn = await hand.TakeAsync(token: 4711);
        var message = Assert.Single(turn.Started);
        Assert.Equal((1, 4711L, Kind, "1"), (turn.Taken!.Picked, message.Claim.Token, message.Kind, message.Address));
        Assert.Equal(["1 fired"], await hand.LedgerAsync(booking));
        Assert.Equal(["1 planned"], await hand.LedgerAsync(later));
        // Committed before the first byte (rule 6), and leased.
        Assert.Equal(
            1,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.outbox WHERE state = 'sending' AND send_started_at IS NOT NULL AND lease_token = 4711
                    AND lease_until > now() + interval '20 seconds' AND leased_by LIKE 'node1-%'
                """
            )
        );
        Assert.Contains("Will you be there?", hand.Render(message).Text, StringComparison.Ordinal);

        await hand.SettleAsync(message, new SendResult.Sent("77"));
        Assert.Equal("sent", await hand.StateAsync(message.Claim.Id));
        // Nothing is written of a first try that was accepted, and everybody sees it all the same.
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.attempt"));
        Assert.Equal(
            ["sent node1 4711 t"],
            await cluster.ScalarAsync<string[]>(
                """
                SELECT array_agg(concat_ws(' ', outcome, split_part(node, '-', 1), lease_token, started_at <= settled_at))
                FROM reminders.every_attempt
                """
            )
        );
        Assert.Empty((await hand.TakeAsync()).Started);
    }

    /// <summary>What firing has rules for is firing's to judge: a take leaves it as it was, and says so.</summary>
    [Theory]
    [InlineData("UPDATE reminders.recipient SET quiet_from = '00:00', quiet_to = '23:59'")]
    [InlineData(
        "INSERT INTO reminders.preference (recipient_id, kind, channel, wanted) SELECT id, '*', '*', false FROM reminders.recipient"
    )]
    [InlineData("UPDATE reminders.address SET state = 'unreachable'")]
    [InlineData("DELETE FROM reminders.address WHERE address = '1'")]
    [InlineData("INSERT INTO reminders.opt_out (key, channel) SELECT key, channel FROM reminders.address")]
    [InlineData("INSERT INTO reminders.throttle (channel, address, next_at) VALUES ('telegram', '1', now() + interval '1 minute')")]
    [InlineData("UPDATE reminders.occurrence SET useful_until = now() - interval '1 second'")]
    [InlineData("UPDATE reminders.subject SET status = 'proposed'")]
    [InlineData("UPDATE reminders.occurrence SET superseded_by = 9")]
    public async Task What_is_not_plain_is_named_and_left_to_firing(string how)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await ApproveAsync(cluster, 1);
        await cluster.ExecuteAsync(how);
        var turn = await hand.TakeAsync();
        Assert.Empty(turn.Started);
        var other = Assert.Single(turn.Taken!.Others);
        Assert.Equal(other, await cluster.ScalarAsync<long>($"SELECT id FROM reminders.occurrence WHERE kind = '{Kind}'"));
        Assert.Equal(["1 planned"], await hand.LedgerAsync(booking));
        Assert.Equal(0, (await hand.TakeAsync(alone: other)).Taken!.Picked);
        Assert.Equal(1, await hand.Firing.FireAsync([other], default));
        Assert.NotEqual(["1 planned"], await hand.LedgerAsync(booking));
    }

    /// <summary>Rule 3: B was announced, so A is announced again; what says the same is not told twice.</summary>
    [Fact]
    public async Task A_later_version_is_judged_by_what_was_told_before()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await ApproveAsync(cluster, 1);
        await hand.SettleAsync(Assert.Single((await hand.TakeAsync()).Started), new SendResult.Sent("1"));
        var at = await cluster.ScalarAsync<DateTime>("SELECT happens_at FROM reminders.subject WHERE type = 'booking'");
        foreach (var minutes in (int[])[30, 0])
        {
            await cluster.SendAsync(new Reminders.Bookings.MoveBooking(booking, new DateTimeOffset(at).AddMinutes(minutes)));
        }

        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now() WHERE state = 'planned'");
        var turn = await hand.TakeAsync();
        Assert.Empty(turn.Started);
        Assert.Equal(1, await hand.Firing.FireAsync(turn.Taken!.Others, default));
        Assert.Equal(["1 fired", "2 cancelled superseded 3", "3 skipped already_told"], await hand.LedgerAsync(booking));
    }

    [Theory]
    [InlineData("paused_until = now() + interval '1 hour'")]
    [InlineData("broken_since = now()")]
    [InlineData("rests_since = now()")]
    [InlineData("throttled_at = now()")]
    [InlineData("stopped_since = now()")]
    public async Task Nothing_is_taken_for_a_channel_in_trouble(string trouble)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await ApproveAsync(cluster, 1);
        await cluster.ExecuteAsync($"INSERT INTO reminders.channel (name) VALUES ('telegram'); UPDATE reminders.channel SET {trouble}");
        Assert.Equal(0, (await hand.TakeAsync()).Taken!.Picked);
        Assert.True((await hand.Store.NextDueAsync("telegram", [Kind], default)).IsShut);
        await cluster.ExecuteAsync("DELETE FROM reminders.channel");
        Assert.Single((await hand.TakeAsync()).Started);
    }

    [Fact]
    public async Task However_many_take_at_once_each_is_started_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        Hand[] hands = [new(cluster, cluster.AddStillNode()), new(cluster, cluster.AddStillNode())];
        for (var round = 0; round < 5; round++)
        {
            for (var chat = 1; chat <= 12; chat++)
            {
                await ApproveAsync(cluster, round * 100 + chat);
            }

            var turns = await Task.WhenAll(
                Enumerable.Range(1, 16).Select(n => Task.Run(() => hands[n % 2].TakeAsync(room: 3, token: round * 100 + n)))
            );
            var started = turns.SelectMany(turn => turn.Started).Select(message => message.Claim.Id).ToArray();
            Assert.Equal(12, started.Length);
            Assert.Equal(12, started.Distinct().Count());
        }
        Assert.Equal(60, await cluster.ScalarAsync<long>($"SELECT count(*) FROM reminders.outbox WHERE kind = '{Kind}'"));
    }

    /// <summary>A bulk of one kind may be most of what is started at once, and never all of it.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 6)]
    [InlineData(16, 14)]
    public async Task Of_one_kind_a_take_leaves_some_room_for_others(int room, int expected)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var chat = 1; chat <= room; chat++)
        {
            await ApproveAsync(cluster, chat);
        }

        Assert.Equal(expected, (await hand.TakeAsync(room)).Started.Count);
    }

    /// <summary>Whoever gets to the occurrence first, the other sees it: cancelled, or started and marked.</summary>
    [Fact]
    public async Task A_take_and_a_cancellation_never_pass_each_other()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var hand = new Hand(cluster, cluster.AddStillNode());
        var (startedFirst, cancelledFirst) = (0, 0);
        for (var round = 1; round <= 40; round++)
        {
            var booking = await ApproveAsync(cluster, round);
            var token = 1000L + round;
            var taking = Task.Run(() => hand.TakeAsync(token: token));
            var cancelling = Task.Run(() => cluster.SendAsync(new Reminders.Bookings.CancelBooking(booking)));
            await Task.WhenAll(taking, cancelling);
            var messages = (await taking).Started;
            if (messages is [var message])
            {
                startedFirst++;
                Assert.True(await cluster.ScalarAsync<bool>("SELECT stale FROM reminders.outbox WHERE id = $1", message.Claim.Id));
                await hand.SettleAsync(message, new SendResult.Sent($"{round}"));
                // It was delivered, so its buttons go: settled plainly it would keep them.
                Assert.Equal([$"{Kind} send sent", $"{Kind} edit pending"], await hand.MessagesAsync(booking));
            }
            else
            {
                cancelledFirst++;
                Assert.StartsWith("1 cancelled", Assert.Single(await hand.LedgerAsync(booking)), StringComparison.Ordinal);
                Assert.Empty(await hand.MessagesAsync(booking));
            }
            await cluster.ExecuteAsync("DELETE FROM reminders.occurrence WHERE state = 'planned'");
        }
        Assert.Equal(40, startedFirst + cancelledFirst);
    }

    /// <summary>The connection goes away between the commit and its answer: the node has sent nothing, so it is no doubt.</summary>
    [Fact]
    public async Task What_was_taken_unheard_waits_like_any_other_and_what_was_heard_does_not()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await ApproveAsync(cluster, 1);
        await hand.TakeAsync(token: 5001);
        await ApproveAsync(cluster, 2);
        var heard = Assert.Single((await hand.TakeAsync(token: 5002)).Started);
        Assert.Equal(1, await hand.Store.TakeBackAsync([5001], default));
        Assert.Equal(0, await hand.Store.TakeBackAsync([5001], default));
        Assert.Equal("sending", await hand.StateAsync(heard.Claim.Id));
        var again = await hand.ClaimAndStartAsync();
        Assert.Equal("1", again.Address);
        await hand.SettleAsync(again, new SendResult.Sent("1"));
        Assert.Equal("sent", await hand.StateAsync(again.Claim.Id));
    }

    [Fact]
    public async Task What_the_provider_takes_back_keeps_its_first_try()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await ApproveAsync(cluster, 1);
        var message = Assert.Single((await hand.TakeAsync()).Started);
        await hand.SettleAsync(message, new SendResult.NotDelivered("refused"));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        await hand.SettleAsync(await hand.ClaimAndStartAsync(), new SendResult.Sent("7"));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET state = 'dead', reason = 'failed later'");
        Assert.Equal(
            ["not delivered", "sent"],
            await cluster.ScalarAsync<string[]>("SELECT array_agg(outcome ORDER BY lease_token) FROM reminders.every_attempt")
        );
    }

    private static async Task<Guid> ApproveAsync(Cluster cluster, long chat)
    {
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat);
        await cluster.ApproveAsync(booking);
        return booking;
    }
}
