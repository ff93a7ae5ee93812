using Reminders.Channels;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Rule 3: moved A, B, A while the first reminder is on its way, and nobody knows yet whether A was told.</summary>
public sealed class ThereAndBack(Postgres postgres)
{
    [Fact]
    public async Task If_the_first_reminder_never_arrives_the_candidate_is_told_all_the_same()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        await ThereAndBackAsync(cluster, hand, booking);
        Assert.Equal("3 planned", (await hand.LedgerAsync(booking))[^1]);

        await hand.SettleAsync(first, new SendResult.Rejected("Bad Request: a malformed message"));
        await hand.FireAsync();
        Assert.Equal("3 fired", (await hand.LedgerAsync(booking))[^1]);
        await hand.DeliverAsync(new SendResult.Sent("42"));
        Assert.Equal(["CONFIRM_2H send dead", "CONFIRM_2H send sent"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task If_it_does_the_candidate_is_not_told_twice()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var first = await hand.ClaimAndStartAsync();
        await ThereAndBackAsync(cluster, hand, booking);
        await hand.SettleAsync(first, new SendResult.Sent("42"));
        await hand.FireAsync();
        Assert.Equal("3 skipped already_told", (await hand.LedgerAsync(booking))[^1]);
        Assert.Single(await hand.MessagesAsync(booking), message => message.Contains(" send ", StringComparison.Ordinal));
    }

    private static async Task ThereAndBackAsync(Cluster cluster, Hand hand, Guid booking)
    {
        var start = await cluster.StartOfAsync(booking);
        await cluster.MoveAsync(booking, start.AddMinutes(3));
        await cluster.MoveAsync(booking, start);
        await hand.FireAsync();
    }
}
