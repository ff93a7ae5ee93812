using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Rule 13: the effect of a press is guarded by the booking's state, whoever sends it and however often.</summary>
public sealed class Presses(Postgres postgres)
{
    [Fact]
    public async Task Who_confirmed_may_still_decline_and_who_declined_may_not_confirm()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        Assert.Equal(AnswerEffect.Confirmed, await hand.PressAsync(message, "confirm"));
        Assert.Equal(AnswerEffect.AlreadyConfirmed, await hand.PressAsync(message, "confirm"));
        Assert.Equal(AnswerEffect.Declined, await hand.PressAsync(message, "decline"));
        Assert.Equal(AnswerEffect.AlreadyDeclined, await hand.PressAsync(message, "decline"));
        Assert.Equal(AnswerEffect.DeclinedIsFinal, await hand.PressAsync(message, "confirm"));
        Assert.Equal("declined", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject"));
        Assert.Equal(5, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.press"));
    }

    [Fact]
    public async Task A_hundred_presses_at_once_have_one_effect()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        cluster.AddStillNode();
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        var effects = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => hand.PressAsync(message, "confirm"))));
        Assert.Single(effects, effect => effect == AnswerEffect.Confirmed);
        Assert.Equal(99, effects.Count(effect => effect == AnswerEffect.AlreadyConfirmed));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CANDIDATE_CONFIRMED'"));
    }

    [Fact]
    public async Task A_strangers_press_and_a_forged_one_change_nothing()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        Assert.Equal(AnswerEffect.NotYours, await hand.PressAsync(message, "confirm", from: 4242));
        Assert.Equal(AnswerEffect.Unknown, await hand.PressAsync(message with { PressToken = Guid.NewGuid() }, "confirm"));
        // As a message of before a deployment might have it: what is not offered is no answer.
        Assert.Equal(AnswerEffect.NotOffered, await hand.PressAsync(message, "approve"));
        Assert.Equal("approved", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject"));
    }

    [Fact]
    public async Task A_token_begins_with_the_time_so_that_a_new_one_goes_to_the_end_of_the_index_and_the_rest_of_it_is_random()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var person = 1001; person < 1009; person++)
        {
            await hand.QueueAsync(person);
        }

        Assert.Equal(
            8,
            await cluster.ScalarAsync<long>(
                """
                SELECT count(DISTINCT right(press_token::text, 17)) FROM reminders.outbox
                WHERE abs(('x' || lpad(replace(left(press_token::text, 13), '-', ''), 16, '0'))::bit(64)::bigint
                          - extract(epoch FROM created_at) * 1000) <= 1 AND substr(press_token::text, 15, 1) = '7'
                """
            )
        );
    }

    [Fact]
    public async Task A_press_on_a_message_of_an_earlier_time_does_not_answer_for_the_new_one()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromHours(1));
        Assert.Equal(AnswerEffect.Moved, await hand.PressAsync(message, "confirm"));
        Assert.Equal("approved", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject"));
    }

    [Fact]
    public async Task A_press_after_the_booking_was_called_off_or_began_is_told_so()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var message = await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() - interval '1 second'");
        Assert.Equal(AnswerEffect.TooLate, await hand.PressAsync(message, "confirm"));
        await cluster.SendAsync(new CancelBooking(booking));
        Assert.Equal(AnswerEffect.Cancelled, await hand.PressAsync(message, "confirm"));
    }

    [Fact]
    public async Task A_press_and_a_move_at_once_end_in_one_of_the_two_orders()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        for (var round = 0; round < 10; round++)
        {
            var booking = await hand.QueueAsync(1001 + round);
            var message = await hand.DeliverAsync(new SendResult.Sent("77"));
            var to = await cluster.StartOfAsync(booking) + TimeSpan.FromHours(1);
            var press = Task.Run(() => hand.PressAsync(message, "confirm", from: 1001 + round));
            var move = Task.Run(() => cluster.MoveAsync(booking, to));
            await Task.WhenAll(press, move);
            Assert.Contains(await press, (AnswerEffect[])[AnswerEffect.Confirmed, AnswerEffect.Moved]);
            // In both orders the answer was to the old time, so the new one is open.
            Assert.Equal(
                "approved 2",
                await cluster.ScalarAsync<string>(
                    "SELECT status || ' ' || version FROM reminders.subject WHERE key = $1",
                    booking.ToString()
                )
            );
            await cluster.ExecuteAsync("UPDATE reminders.outbox SET state = 'cancelled', lease_until = NULL WHERE state <> 'sent'");
        }
    }
}
