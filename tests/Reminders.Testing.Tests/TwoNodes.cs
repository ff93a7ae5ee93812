namespace Reminders.Testing.Tests;

/// <summary>Two hosts on one database are a cluster: they work at once, and what is to be sent once is.</summary>
public sealed class TwoNodes
{
    [Fact]
    public async Task What_both_could_send_is_sent_once_and_the_one_that_stays_goes_on()
    {
        await using var first = await HiringApp.StartAsync();
        var start = HiringApp.Monday.AddDays(1);
        ReminderTestHost second;
        await using (second = await first.StartAnotherAsync(HiringApp.AddTo))
        {
            for (var slot = 0; slot < 10; slot++)
            {
                var candidate = new Bookings.PersonDraft($"Candidate {slot}", TelegramChatId: 100 + slot, Reference: $"candidate{slot}");
                var booking = await (slot % 2 == 0 ? first : second).ApproveAsync(start, candidate);
                await first.DoAsync(new Bookings.ApproveBooking(booking.Id));
                await second.DoAsync(new Bookings.ApproveBooking(booking.Id));
            }

            await Task.WhenAll(first.AdvanceToAsync(start.AddMinutes(-90)), second.AdvanceToAsync(start.AddMinutes(-90)));
        }

        Assert.Equal(
            Enumerable.Range(0, 10).Select(slot => $"candidate{slot}"),
            first.Attempts.Select(message => message.To).Order(StringComparer.Ordinal)
        );
        var question = first.AssertSent("CONFIRM_2H", to: "candidate3");
        await first.PressAsync(question, "confirm");
        first.AssertSent("CANDIDATE_CONFIRMED", to: "rita");
    }
}
