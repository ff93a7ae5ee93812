using Reminders.Lab.Apps;

namespace Reminders.Lab.Tests.Apps;

/// <summary>What the desk refuses, at the very minute.</summary>
public sealed class TicketRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30, 15, "")]
    [InlineData(29, 15, "resolution_due")]
    [InlineData(30, 14, "estimate_due")]
    [InlineData(-1, -1, "resolution_due estimate_due")]
    [InlineData(0, 15, "resolution_due estimate_due")]
    [InlineData(60, 61, "estimate_due")]
    [InlineData(60, 60, "")]
    [InlineData(366 * 24 * 60, 60, "resolution_due")]
    [InlineData(365 * 24 * 60, 60, "")]
    [InlineData(null, 60, "")]
    [InlineData(60, null, "")]
    public void Due_times_lie_ahead_far_enough_within_a_year_and_in_order(int? resolution, int? estimate, string wrong) =>
        Assert.Equal(wrong, string.Join(' ', TicketRules.CheckDue(After(resolution), After(estimate), Now).Keys));

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("123456789", false)]
    [InlineData("   12345   ", false)]
    [InlineData("1234567890", true)]
    public void A_rejection_has_a_reason_of_ten_characters(string? reason, bool fine) =>
        Assert.Equal(fine, TicketRules.CheckReason(reason).Count == 0);

    private static DateTimeOffset? After(int? minutes) => minutes is { } some ? Now.AddMinutes(some) : null;
}
