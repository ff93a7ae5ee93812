using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.People;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>A person is erased while messages to them are anywhere on their way.</summary>
public sealed class ErasedUnderWay(Postgres postgres)
{
    [Fact]
    public async Task What_has_not_left_is_cancelled_and_its_claimer_turned_away_and_what_has_left_is_settled_and_never_tried_again()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync(1001);
        var underWay = await hand.ClaimAndStartAsync();
        await hand.QueueAsync(1001);
        var claimed = await hand.ClaimAsync();
        var pending = await hand.QueueAsync(1001);

        var erased = await EraseAsync(cluster, 1001);
        Assert.Equal((2, 1), (erased.Cancelled, erased.UnderWay));
        Assert.Empty((await hand.BeginAsync(claimed)).Started);
        Assert.Equal("cancelled", await hand.StateAsync(claimed.Id));
        Assert.Contains("CONFIRM_2H send cancelled", await hand.MessagesAsync(pending));

        // The provider refuses it for now: it has no address to be tried at again.
        await hand.SettleAsync(underWay, new SendResult.NotDelivered("503 for chat 1001"));
        Assert.Equal("retry", await hand.StateAsync(underWay.Claim.Id));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() - interval '1 second' WHERE id = $1", underWay.Claim.Id);
        Assert.Empty((await hand.BeginAsync(await hand.ClaimAsync())).Started);
        Assert.NotEqual("sent", await hand.StateAsync(underWay.Claim.Id));

        // What its outcome said of them goes with the second erasure.
        Assert.Equal(0, (await EraseAsync(cluster, 1001)).Cancelled);
        Assert.Equal(0L, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.attempt WHERE detail LIKE '%1001%'"));
    }

    [Fact]
    public async Task Nothing_is_sent_to_somebody_erased_before_the_start_however_the_two_meet()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var round = 0; round < 12; round++)
        {
            var chat = 3000 + round;
            await hand.QueueAsync(chat);
            var claim = await hand.ClaimAsync();
            var erasing = EraseAsync(cluster, chat);
            var started = (await hand.BeginAsync(claim)).Started.Count;
            Assert.Equal((1 - started, started), ((await erasing).Cancelled, (await erasing).UnderWay));
            Assert.Equal(started == 1 ? "sending" : "cancelled", await hand.StateAsync(claim.Id));
        }
    }

    [Fact]
    public async Task What_falls_due_while_they_are_erased_reaches_nobody_and_an_approval_afterwards_plans_nothing_for_them()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        var later = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await cluster.ApproveAsync(booking);
        await Task.WhenAll(hand.FireAsync(), EraseAsync(cluster, 1001));
        await hand.FireAsync();
        Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(later));
        await hand.FireAsync();
        Assert.Equal(
            0L,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(*) FROM reminders.outbox m JOIN reminders.recipient r ON r.id = m.recipient_id
                WHERE r.erased_at IS NOT NULL AND m.state <> 'cancelled'
                """
            )
        );
        Assert.Empty(await hand.LedgerAsync(later));
    }

    private static async Task<PersonErased> EraseAsync(Cluster cluster, long chat) =>
        Assert.IsType<Outcome<PersonErased>.Done>(await cluster.SendAsync(new ErasePerson($"telegram:{chat}", "asked for it"))).Value;
}
