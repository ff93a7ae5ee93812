using Reminders.Inbound;

namespace Reminders.Tests.Answers;

/// <summary>What a press does, in every standing of its booking (rule 13).</summary>
public sealed class AnswerRulesTests
{
    [Theory]
    [InlineData("confirm", "approved", nameof(AnswerEffect.Confirmed))]
    [InlineData("decline", "approved", nameof(AnswerEffect.Declined))]
    [InlineData("confirm", "confirmed", nameof(AnswerEffect.AlreadyConfirmed))]
    [InlineData("decline", "confirmed", nameof(AnswerEffect.Declined))]
    [InlineData("confirm", "declined", nameof(AnswerEffect.DeclinedIsFinal))]
    [InlineData("decline", "declined", nameof(AnswerEffect.AlreadyDeclined))]
    [InlineData("confirm", "cancelled", nameof(AnswerEffect.Cancelled))]
    [InlineData("decline", "cancelled", nameof(AnswerEffect.Cancelled))]
    [InlineData("confirm", "proposed", nameof(AnswerEffect.Cancelled))]
    public void Who_confirmed_may_decline_and_who_declined_may_not_confirm(string action, string status, string effect) =>
        Assert.Equal(effect, AnswerRules.Decide(action, status, stillSaysSo: true, isParty: true, hasBegun: false).ToString());

    [Theory]
    [InlineData(true, true, true, nameof(AnswerEffect.TooLate))]
    [InlineData(false, true, true, nameof(AnswerEffect.Moved))]
    [InlineData(false, true, false, nameof(AnswerEffect.Moved))]
    [InlineData(true, false, false, nameof(AnswerEffect.Cancelled))]
    [InlineData(false, false, true, nameof(AnswerEffect.Cancelled))]
    public void The_person_comes_before_the_time_and_the_time_before_the_clock(bool stillSaysSo, bool isParty, bool hasBegun, string effect)
    {
        foreach (var action in (string[])["confirm", "decline"])
        {
            Assert.Equal(effect, AnswerRules.Decide(action, "approved", stillSaysSo, isParty, hasBegun).ToString());
        }
    }

    [Fact]
    public void A_cancelled_booking_is_off_whatever_else_is_true()
    {
        foreach (var stillSaysSo in (bool[])[true, false])
        {
            foreach (var hasBegun in (bool[])[true, false])
            {
                Assert.Equal(AnswerEffect.Cancelled, AnswerRules.Decide("confirm", "cancelled", stillSaysSo, isParty: true, hasBegun));
            }
        }
    }
}
