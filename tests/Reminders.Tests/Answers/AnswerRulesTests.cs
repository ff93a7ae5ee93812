using Reminders.Inbound;
using Reminders.Kinds;

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
        Assert.Equal(effect, AnswerRules.Decide(Known(action), Of(status), stillSaysSo: true, isParty: true, hasBegun: false).ToString());

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
            Assert.Equal(effect, AnswerRules.Decide(Known(action), Of("approved"), stillSaysSo, isParty, hasBegun).ToString());
        }
    }

    [Fact]
    public void A_cancelled_booking_is_off_whatever_else_is_true()
    {
        foreach (var stillSaysSo in (bool[])[true, false])
        {
            foreach (var hasBegun in (bool[])[true, false])
            {
                Assert.Equal(
                    AnswerEffect.Cancelled,
                    AnswerRules.Decide(Known("confirm"), Of("cancelled"), stillSaysSo, isParty: true, hasBegun)
                );
            }
        }
    }

    /// <summary>A kind's own: what closes for good, what may change, and what leaves the question open.</summary>
    [Theory]
    [InlineData(AnswerThen.Closed, "open", null, nameof(AnswerEffect.Answered))]
    [InlineData(AnswerThen.Open, "open", null, nameof(AnswerEffect.Answered))]
    [InlineData(AnswerThen.Open, "open", "later", nameof(AnswerEffect.AlreadyAnswered))]
    [InlineData(AnswerThen.Closed, "open", "call_me", nameof(AnswerEffect.Answered))]
    [InlineData(AnswerThen.Closed, "changeable", "confirm", nameof(AnswerEffect.Answered))]
    [InlineData(AnswerThen.Open, "changeable", "confirm", nameof(AnswerEffect.AnsweredOtherwise))]
    [InlineData(AnswerThen.Closed, "closed", "never", nameof(AnswerEffect.AnsweredOtherwise))]
    [InlineData(AnswerThen.Closed, "closed", "later", nameof(AnswerEffect.AlreadyAnswered))]
    [InlineData(AnswerThen.Closed, "closed", "decline", nameof(AnswerEffect.DeclinedIsFinal))]
    [InlineData(AnswerThen.Open, "off", null, nameof(AnswerEffect.Cancelled))]
    public void What_closes_the_question_is_followed_only_by_what_may_still_change_it(
        AnswerThen then,
        string state,
        string? standing,
        string effect
    ) =>
        Assert.Equal(
            effect,
            AnswerRules
                .Decide(new() { Key = "later", Then = then }, new(state, standing), stillSaysSo: true, isParty: true, hasBegun: false)
                .ToString()
        );

    [Fact]
    public void What_is_not_offered_any_more_is_so_whatever_stands() =>
        Assert.Equal(AnswerEffect.NotOffered, AnswerRules.Decide(null, Of("confirmed"), stillSaysSo: true, isParty: true, hasBegun: false));

    private static AnswerDefinition Known(string key) => new() { Key = key };

    private static Question Of(string status) =>
        status switch
        {
            "approved" => new("open", null),
            "confirmed" => new("changeable", "confirm"),
            "declined" => new("closed", "decline"),
            _ => new("off", null),
        };
}
