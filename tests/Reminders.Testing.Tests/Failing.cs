using Reminders.Channels;

namespace Reminders.Testing.Tests;

/// <summary>A test has the next send fail, and sees what the engine makes of it.</summary>
public sealed class Failing
{
    public static TheoryData<string, SendResult, int, string[]> Failures =>
        new()
        {
            { "sent", new SendResult.Sent("77"), 1, [] },
            { "asked to wait", new SendResult.Throttled(TimeSpan.FromMinutes(1), ThrottleScope.Recipient, "429"), 2, [] },
            { "the channel asked to wait", new SendResult.Throttled(TimeSpan.FromMinutes(1), ThrottleScope.Channel, "429"), 2, [] },
            { "not delivered", new SendResult.NotDelivered("refused"), 2, [] },
            { "channel broken", new SendResult.ChannelBroken("401"), 2, [] },
            { "rejected", new SendResult.Rejected("400"), 1, ["REMINDER_SKIPPED"] },
            { "unreachable", new SendResult.Unreachable("blocked"), 1, ["REMINDER_SKIPPED"] },
            { "in doubt", new SendResult.Uncertain("reset"), 1, ["REMINDER_HELD"] },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Each_outcome_has_the_consequence_that_it_has_in_an_app(string what, SendResult outcome, int tries, string[] told)
    {
        await using var app = await HiringApp.StartAsync();
        app.NextSend(to: "anna", outcome);
        var start = HiringApp.Monday.AddDays(1);
        await app.ApproveAsync(start);
        await app.AdvanceToAsync(start.AddMinutes(-65));

        var attempts = app.Attempts.Where(message => message.To == "anna").ToArray();
        Assert.True(tries == attempts.Length, $"{what}: {string.Join('\n', app.Attempts)}");
        Assert.Equal(outcome.GetType(), attempts[0].Outcome.GetType());
        Assert.Equal(told, app.Sent.Where(message => message.To == "rita").Select(message => message.Kind));
        if (tries > 1)
        {
            app.AssertSent("CONFIRM_2H", to: "anna");
        }
    }

    [Fact]
    public async Task A_doubt_is_not_sent_again_and_a_press_settles_it()
    {
        await using var app = await HiringApp.StartAsync();
        app.NextSend(to: "anna", new SendResult.Uncertain("the reply was lost"));
        var start = HiringApp.Monday.AddDays(1);
        await app.ApproveAsync(start);
        await app.AdvanceToAsync(start.AddMinutes(-90));
        app.AssertSent("REMINDER_HELD", to: "rita");
        app.AssertNothingElseSent();

        var doubt = Assert.Single(app.Attempts, message => message.To == "anna");
        await app.PressAsync(doubt, "confirm");
        app.AssertSent("CANDIDATE_CONFIRMED", to: "rita");
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        app.AssertNothingElseSent();
        Assert.Single(app.Attempts, message => message.To == "anna" && !message.IsEdit);
    }
}
