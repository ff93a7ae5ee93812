using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>
/// Scenario 1: a reminder was sent, its slot approved again, and the candidate got the message twice. Rule 2: identity has
/// no delivery state in it, so it makes no difference when, where or how often a slot is approved.
/// </summary>
public sealed class ApprovedManyTimes(Postgres postgres)
{
    private const int Rounds = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Approved_fifty_times_at_once_on_two_nodes_before_during_and_after_the_send_is_one_message()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        // The reply comes late, so that the second wave of approvals finds each message on its way.
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMilliseconds(300) });
        for (var round = 1; round <= Rounds; round++)
        {
            long chat = round;
            var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat);
            await ApproveAsync(booking, 20);
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(chat).Count > 0, Patience);
            await ApproveAsync(booking, 15);
            await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
            var row = await RowAsync();
            await ApproveAsync(booking, 15);
            Assert.Equal(row, await RowAsync());
            Assert.Equal(
                49,
                await cluster.ScalarAsync<int>(
                    """
                    SELECT s.count FROM reminders.suppression s JOIN reminders.occurrence o ON o.id = s.occurrence_id
                    JOIN reminders.subject b ON b.id = o.subject_id WHERE b.key = $1 AND o.kind = 'CONFIRM_2H'
                    """,
                    booking.ToString()
                )
            );
        }
        await cluster.ExecuteAsync("SELECT pg_notify('reminders_outbox', '')");
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM reminders.outbox WHERE state <> 'sent')", Patience);
        Assert.All(Enumerable.Range(1, Rounds), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Empty(cluster.Telegram.Record.Edits);
        await Duplicates.NoneIn(cluster);

        Task ApproveAsync(Guid booking, int times) =>
            Task.WhenAll(
                Enumerable
                    .Range(0, times)
                    .Select(async i => Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking, i % 2)))
            );
        // Everything about the last message, its state and its lease token included: approving again writes none of it.
        Task<string> RowAsync() => cluster.ScalarAsync<string>("SELECT m::text FROM reminders.outbox m ORDER BY id DESC LIMIT 1");
    }

    [Fact]
    public async Task Approved_again_while_it_waits_for_its_time_reuses_the_planned_row()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(3));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => cluster.ApproveAsync(booking, i % 2)));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'"));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.instant WHERE kind = 'CONFIRM_2H'"));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount > 0, Patience);
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Fact]
    public async Task Approving_again_says_that_nothing_changed()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        var first = Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking));
        var second = Assert.IsType<Outcome<BookingView>.Done>(await cluster.ApproveAsync(booking));
        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.Equal(first.Value, second.Value);
    }

    [Fact]
    public async Task Approved_again_in_bulk_the_booking_and_its_ledger_stay_as_they_are()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var hand = new Hand(cluster, cluster.AddStillNode());
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        await cluster.ApproveAsync(booking);
        var before = await SubjectAsync();
        var again = Assert.IsType<Outcome<BulkApproval>.Done>(await cluster.SendAsync(new ApproveBookings([booking])));
        Assert.False(again.Changed);
        Assert.Equal(before, await SubjectAsync());
        Assert.Equal(["1 planned"], await hand.LedgerAsync(booking));

        Task<string> SubjectAsync() =>
            cluster.ScalarAsync<string>("SELECT s::text FROM reminders.subject s WHERE key = $1", booking.ToString());
    }

    [Fact]
    public async Task A_suppressed_duplicate_names_the_row_and_the_rule_that_decided_it_and_who_asked_last()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new Reminders.Channels.SendResult.Sent("1"));
        await cluster.ApproveAsync(booking);
        await cluster.ApproveAsync(booking);
        Assert.Equal(
            "CONFIRM_2H 1 fired same_version 2 engine @ node1",
            await cluster.ScalarAsync<string>(
                """
                SELECT concat_ws(' ', o.kind, o.version, o.state, s.rule, s.count, left(s.last_by, -7))
                FROM reminders.suppression s JOIN reminders.occurrence o ON o.id = s.occurrence_id WHERE o.kind = 'CONFIRM_2H'
                """
            )
        );
    }
}
