using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>A kind that follows another: due a while after that one was sent, and never when it never was.</summary>
public sealed class FollowUps(Postgres postgres)
{
    private const string Follower = "NO_ANSWER_1H";

    [Fact]
    public async Task Approved_half_an_hour_before_the_start_the_question_goes_at_once_and_the_word_that_nobody_answered_never()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-90));
        Assert.Equal(["CONFIRM_2H send pending"], await hand.MessagesAsync(booking));
        Assert.Equal(["1 planned"], await hand.LedgerAsync(booking, Follower));
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await FireNowAsync(cluster, hand);
        // An hour after the question is past the start.
        Assert.Equal(["1 skipped past_use_after CONFIRM_2H 3600"], await hand.LedgerAsync(booking, Follower));
        Assert.Equal(["CONFIRM_2H send sent"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task It_is_due_the_wait_after_the_other_was_sent_and_not_a_second_earlier()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Kinds:NO_ANSWER_1H:Wait", "00:20:00"));
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-90));
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await FireNowAsync(cluster, hand);
        Assert.Equal(["1 planned"], await hand.LedgerAsync(booking, Follower));
        Assert.True(
            await cluster.ScalarAsync<bool>(
                """
                SELECT o.due_at - m.send_started_at BETWEEN interval '20 minutes' AND interval '20 minutes 1 second'
                    AND o.due_at = date_trunc('second', o.due_at)
                       AND EXISTS (SELECT FROM reminders.instant i WHERE i.kind = o.kind AND i.due_second = o.due_at)
                FROM reminders.occurrence o, reminders.outbox m WHERE o.kind = $1
                """,
                Follower
            )
        );
        Assert.Equal(0, await hand.FireAsync());
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET send_started_at = send_started_at - interval '20 minutes'");
        await FireNowAsync(cluster, hand);
        Assert.Equal(["CONFIRM_2H send sent", "NO_ANSWER_1H send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Approved_five_minutes_before_the_start_nobody_was_asked_and_that_is_what_the_recruiter_hears()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-115));
        Assert.Equal(["1 skipped not_sent CONFIRM_2H: below_minimum_lead"], await hand.LedgerAsync(booking, Follower));
        await hand.Events.PlanAsync(TestContext.Current.CancellationToken);
        await hand.FireAsync();
        Assert.Equal(["REMINDER_SKIPPED send pending"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task While_nobody_knows_whether_the_other_arrived_it_waits_and_a_doubt_that_expires_was_not_sent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Kinds:NO_ANSWER_1H:Wait", "00:20:00"));
        await using var _ = cluster;
        var (delivered, expired) = (await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-65)), Guid.Empty);
        await hand.DeliverAsync(new SendResult.Uncertain("no whole reply"));
        expired = await hand.QueueAsync(candidateChat: 1002, dueIn: TimeSpan.FromMinutes(-65));
        await hand.DeliverAsync(new SendResult.Uncertain("no whole reply"));
        await FireNowAsync(cluster, hand);
        foreach (var booking in (Guid[])[delivered, expired])
        {
            Assert.Equal(["1 planned"], await hand.LedgerAsync(booking, Follower));
        }
        // Asked again now and then, not at every turn.
        Assert.Equal(
            2,
            await cluster.ScalarAsync<long>(
                "SELECT count(*) FROM reminders.occurrence WHERE kind = $1 AND due_at >= now() + interval '4 seconds'",
                Follower
            )
        );
        Assert.Equal(0, await hand.FireAsync());

        var ids = await cluster.ScalarAsync<long[]>("SELECT array_agg(id ORDER BY id) FROM reminders.outbox WHERE kind = 'CONFIRM_2H'");
        Assert.IsType<Outcome<OperatorResult>.Done>(await cluster.SendAsync(new SettleHeld(ids[0], true, "Anna says so")));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET send_started_at = now() - interval '21 minutes' WHERE kind = 'CONFIRM_2H'");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET useful_until = now() WHERE id = $1", ids[1]);
        await hand.Reaper.ExpireAsync(TestContext.Current.CancellationToken);
        await FireNowAsync(cluster, hand);
        Assert.Equal(["1 fired"], await hand.LedgerAsync(delivered, Follower));
        Assert.Equal(["1 skipped not_sent CONFIRM_2H: doubt_past_use"], await hand.LedgerAsync(expired, Follower));
    }

    [Fact]
    public async Task What_died_was_not_sent_and_a_replay_has_it_judged_anew()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Kinds:NO_ANSWER_1H:Wait", "00:00:00"));
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-65));
        var dead = await hand.DeliverAsync(new SendResult.Rejected("bad text"));
        await FireNowAsync(cluster, hand);
        Assert.Equal(["1 skipped not_sent CONFIRM_2H: bad text"], await hand.LedgerAsync(booking, Follower));
        Assert.IsType<Outcome<OperatorResult>.Done>(await cluster.SendAsync(new ReplayDead(dead.Claim.Id, "mended")));
        Assert.Equal(["1 planned"], await hand.LedgerAsync(booking, Follower));
        await hand.DeliverAsync(new SendResult.Sent("78"));
        await FireNowAsync(cluster, hand);
        Assert.Equal(["1 fired"], await hand.LedgerAsync(booking, Follower));
    }

    [Fact]
    public async Task Moved_there_and_back_it_follows_the_question_that_the_candidate_has()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres, ("Kinds:NO_ANSWER_1H:Wait", "00:00:00"));
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-65));
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var start = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(1));
        await cluster.MoveAsync(booking, start);
        await FireNowAsync(cluster, hand);
        await FireNowAsync(cluster, hand);
        Assert.Contains("3 skipped already_told", await hand.LedgerAsync(booking));
        Assert.Contains("3 fired", await hand.LedgerAsync(booking, Follower));
    }

    private static async Task FireNowAsync(Cluster cluster, Hand hand)
    {
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET due_at = now() WHERE kind = $1 AND state = 'planned' AND due_at < now() + interval '2 hours'",
            Follower
        );
        await hand.FireAsync();
    }
}
