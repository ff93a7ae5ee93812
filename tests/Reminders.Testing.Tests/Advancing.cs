using Reminders.Bookings;

namespace Reminders.Testing.Tests;

/// <summary>Time that passes in a test does what it does in an app: each thing happens at its own instant.</summary>
public sealed class Advancing
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_falls_due_on_the_way_happens_at_its_own_time_and_in_order()
    {
        await using var app = await HiringApp.StartAsync();
        var start = HiringApp.Monday.AddDays(2);
        await app.ApproveAsync(start);
        await app.AdvanceAsync(TimeSpan.FromDays(30));

        // Nobody answered; both would long be past their use if time had jumped.
        Assert.Equal(["CONFIRM_2H", "NO_ANSWER_1H"], app.Sent.Select(message => message.Kind));
        AssertAt(start.AddHours(-2), app.AssertSent("CONFIRM_2H", to: "anna"));
        AssertAt(start.AddHours(-1), app.AssertSent("NO_ANSWER_1H", to: "rita"));
        app.AssertNothingElseSent();
    }

    [Fact]
    public async Task Nothing_is_sent_a_moment_before_it_is_due()
    {
        await using var app = await HiringApp.StartAsync();
        var start = HiringApp.Monday.AddDays(2);
        await app.ApproveAsync(start);
        await app.AdvanceToAsync(start.AddHours(-2).AddMinutes(-1));
        app.AssertNothingElseSent();
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        app.AssertSent("CONFIRM_2H");
    }

    /// <summary>On Sunday 30 March 2031 it is 02:00 in Berlin, and then 03:00: the night is an hour shorter.</summary>
    [Fact]
    public async Task Quiet_hours_end_by_the_local_clock_in_the_night_that_the_clocks_go_forward()
    {
        await using var app = await HiringApp.StartAsync();
        var anna = new PersonDraft(
            "Anna",
            Zone: "Europe/Berlin",
            TelegramChatId: 1,
            Reference: "anna",
            QuietHours: new(new(22, 0), new(8, 0))
        );
        // At 09:30 there: due at 07:30, and so at 08:00, which is 06:00 UTC and was 07:00 the day before.
        await app.ApproveAsync(new(2031, 3, 30, 7, 30, 0, TimeSpan.Zero), anna);
        await app.ApproveAsync(new(2031, 3, 29, 8, 30, 0, TimeSpan.Zero), anna);
        await app.AdvanceAsync(TimeSpan.FromDays(7));

        var (before, after) = (app.AssertSent("CONFIRM_2H", to: "anna"), app.AssertSent("CONFIRM_2H", to: "anna"));
        AssertAt(new(2031, 3, 29, 7, 0, 0, TimeSpan.Zero), before);
        AssertAt(new(2031, 3, 30, 6, 0, 0, TimeSpan.Zero), after);
        Assert.Contains("09:30", before.Text, StringComparison.Ordinal);
        Assert.Contains("09:30", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_booking_that_moves_changes_what_was_said_and_asks_again_at_the_new_time()
    {
        await using var app = await HiringApp.StartAsync();
        var start = HiringApp.Monday.AddDays(2);
        var booking = await app.ApproveAsync(start);
        await app.AdvanceToAsync(start.AddMinutes(-90));
        var first = app.AssertSent("CONFIRM_2H", to: "anna");

        await app.DoAsync(new MoveBooking(booking.Id, start.AddDays(1)));
        var edit = app.AssertEdited("CONFIRM_2H", to: "anna");
        Assert.Equal(first.ProviderMessageId, edit.ProviderMessageId);
        Assert.Contains("was moved", edit.Text, StringComparison.Ordinal);
        Assert.Empty(edit.Buttons);

        await app.AdvanceToAsync(start.AddDays(1).AddMinutes(-90));
        AssertAt(start.AddDays(1).AddHours(-2), app.AssertSent("CONFIRM_2H", to: "anna"));
        app.AssertNothingElseSent();
    }

    [Fact]
    public async Task Time_does_not_go_back()
    {
        await using var app = await HiringApp.StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => app.AdvanceAsync(TimeSpan.FromSeconds(-1)));
        await app.AdvanceToAsync(HiringApp.Monday.AddDays(-1));
        Assert.True(app.Now >= HiringApp.Monday);
    }

    private static void AssertAt(DateTimeOffset expected, SentMessage message) => Assert.InRange(message.At, expected, expected + Moment);
}
