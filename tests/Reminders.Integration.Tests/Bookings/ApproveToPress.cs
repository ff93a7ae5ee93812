using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Bookings;

public sealed class ApproveToPress(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_approved_booking_is_reminded_once_confirmed_by_a_press_and_the_recruiter_is_told()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(2));
        await cluster.ApproveAsync(booking);

        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count > 0, Patience);
        var message = Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
        Assert.Equal(["✅ I confirm", "❌ I can't make it"], message.Buttons.Select(button => button.Label));

        cluster.Telegram.PressButton(1001, message.MessageId, 0, times: 3);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count > 0 && record.Answers.Count == 3, Patience);
        await cluster.Telegram.Record.WaitForAsync(
            record => record.CurrentMessage(1001, message.MessageId)!.Text.Contains("You confirmed", StringComparison.Ordinal),
            Patience
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(9001));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
        Assert.Equal(
            "confirmed",
            await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking.ToString())
        );
    }
}
