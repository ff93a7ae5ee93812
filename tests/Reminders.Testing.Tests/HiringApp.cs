using Microsoft.Extensions.Hosting;
using Reminders.Bookings;
using Reminders.Email;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>An app that embeds the engine, as its tests see it.</summary>
internal static class HiringApp
{
    /// <summary>Monday noon before the clocks of Berlin go forward, years from now: no time of the machine's can be taken for it.</summary>
    public static readonly DateTimeOffset Monday = new(2031, 3, 24, 12, 0, 0, TimeSpan.Zero);

    public static Task<ReminderTestHost> StartAsync() => ReminderTestHost.StartAsync(AddTo, new() { Now = Monday });

    public static void AddTo(IHostApplicationBuilder builder) =>
        builder.Services.AddReminders(builder.Configuration).AddTelegram().AddEmail();

    /// <summary>A slot of Anna's with Rita, approved.</summary>
    public static async Task<BookingView> ApproveAsync(this ReminderTestHost app, DateTimeOffset startsAt, PersonDraft? candidate = null)
    {
        var booking = await app.DoAsync(
            new CreateBooking(
                "Engineer",
                startsAt,
                candidate ?? new PersonDraft("Anna", Zone: "Europe/Berlin", TelegramChatId: 1, Reference: "anna"),
                new PersonDraft("Rita", Zone: "Europe/Berlin", TelegramChatId: 2, Reference: "rita")
            )
        );
        return await app.DoAsync(new ApproveBooking(booking.Id));
    }
}
