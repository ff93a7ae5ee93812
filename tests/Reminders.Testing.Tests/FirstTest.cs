using System.Text.RegularExpressions;
using Reminders.Bookings;
using Reminders.Telegram;

namespace Reminders.Testing.Tests;

/// <summary>The test that the package's README begins with.</summary>
public sealed partial class FirstTest
{
    [Fact]
    public async Task A_candidate_is_asked_once_and_the_recruiter_hears_of_the_answer()
    {
        await using var app = await ReminderTestHost.StartAsync(b => b.Services.AddReminders(b.Configuration).AddTelegram());
        var slot = new CreateBooking("Engineer", app.Now.AddHours(24), new("Anna", TelegramChatId: 1), new("Rita", TelegramChatId: 2));
        var booking = await app.DoAsync(slot);
        await app.DoAsync(new ApproveBooking(booking.Id));
        await app.AdvanceAsync(TimeSpan.FromHours(22));
        var question = app.AssertSent("CONFIRM_2H", to: "Anna");
        await app.PressAsync(question, "confirm");
        app.AssertSent("CANDIDATE_CONFIRMED", to: "Rita");
        app.AssertNothingElseSent();
    }

    [Fact]
    public void The_README_shows_it_as_it_is_and_in_ten_lines()
    {
        var shown = Snippet().Match(File.ReadAllText(Repository.PathOf("src/Reminders.Testing/README.md"))).Groups["code"].Value;
        var source = File.ReadAllText(Repository.PathOf("tests/Reminders.Testing.Tests/FirstTest.cs"));
        Assert.Contains(Lines(shown), Lines(source), StringComparison.Ordinal);
        Assert.InRange(shown.TrimEnd().Split('\n').Length, 2, 10);
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.TrimEntries)).Trim();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
