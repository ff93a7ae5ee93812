namespace Reminders.Testing.Tests;

/// <summary>A press goes the way it goes in an app.</summary>
public sealed class Answering
{
    [Fact]
    public async Task The_recruiter_is_told_once_however_often_a_button_is_pressed()
    {
        await using var app = await HiringApp.StartAsync();
        await app.ApproveAsync(HiringApp.Monday.AddDays(1));
        await app.AdvanceAsync(TimeSpan.FromHours(22.5));
        var question = app.AssertSent("CONFIRM_2H", to: "anna");
        Assert.Equal(["✅ I confirm", "❌ I can't make it"], question.Buttons.Select(button => button.Label));

        Assert.Equal("Noted. The recruiter will be in touch.", await app.PressAsync(question, "decline"));
        Assert.Equal("Your answer is noted already.", await app.PressAsync(question, "❌ I can't make it"));
        app.AssertSent("CANDIDATE_DECLINED", to: "rita");
        Assert.Contains("can't make", app.AssertEdited("CONFIRM_2H", to: "anna").Text, StringComparison.Ordinal);
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        app.AssertNothingElseSent();
    }

    [Fact]
    public async Task A_button_that_is_not_there_is_told_with_the_message()
    {
        await using var app = await HiringApp.StartAsync();
        await app.ApproveAsync(HiringApp.Monday.AddHours(1));
        var question = app.AssertSent("CONFIRM_2H");
        var wrong = await Assert.ThrowsAsync<ReminderAssertionException>(() => app.PressAsync(question, "maybe"));
        Assert.Contains("no button 'maybe'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("[✅ I confirm]", wrong.Message, StringComparison.Ordinal);
    }
}
