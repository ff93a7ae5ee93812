using Reminders.Kinds;
using Reminders.Ledger;

namespace Reminders.Tests.Planning;

/// <summary>Rule 11, and when a reminder is due. Pure: the same input always gives the same plan.</summary>
public sealed class ReminderPlanTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 15, 0, 0, TimeSpan.Zero);

    private static readonly KindDefinition Confirm = new()
    {
        Name = "CONFIRM_2H",
        Subject = "booking",
        On = "approved",
        To = "candidate",
        Before = TimeSpan.FromHours(2),
        UsefulUntilBefore = TimeSpan.FromMinutes(10),
        MinimumLead = TimeSpan.FromMinutes(15),
    };

    [Theory]
    [InlineData(-300, -120, null)] // long before: due two hours ahead
    [InlineData(-121, -120, null)]
    [InlineData(-120, -120, null)] // at the very instant: now
    [InlineData(-100, -100, null)] // late: at once
    [InlineData(-15, -15, null)] // the minimum lead itself is still enough
    [InlineData(-14, -14, "below_minimum_lead")]
    [InlineData(-1, -1, "below_minimum_lead")]
    [InlineData(30, 30, "below_minimum_lead")] // begun
    public void It_is_due_before_the_slot_at_once_when_late_and_skipped_below_the_minimum_lead(int now, int due, string? skipped)
    {
        var planned = Plan(Start, Start.AddMinutes(now));
        Assert.Equal(Start.AddMinutes(due), planned.DueAt);
        Assert.Equal(skipped, planned.SkippedBecause);
        Assert.Equal(Start.AddMinutes(-10), planned.UsefulUntil);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9_999_999)]
    public void Due_times_are_whole_seconds_rounded_up_so_that_thousands_share_one_and_none_is_early(long ticks)
    {
        var planned = Plan(Start.AddTicks(ticks), Start.AddDays(-1));
        Assert.Equal(0, planned.DueAt.UtcTicks % TimeSpan.TicksPerSecond);
        Assert.InRange(
            planned.DueAt - (Start.AddTicks(ticks) - TimeSpan.FromHours(2)),
            TimeSpan.Zero,
            TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1)
        );
    }

    [Fact]
    public void Without_a_lead_it_is_due_now_and_useful_for_as_long_as_the_kind_says()
    {
        var kind = new KindDefinition
        {
            Name = "X",
            To = "recruiter",
            UsefulFor = TimeSpan.FromHours(3),
        };
        var planned = Assert.Single(ReminderPlan.For(Subject(Start), [kind], Start.AddDays(-2)));
        Assert.Equal((Start.AddDays(-2), Start.AddDays(-2).AddHours(3)), (planned.DueAt, planned.UsefulUntil));
        Assert.Equal(2, planned.RecipientId);
    }

    [Fact]
    public void What_tells_of_an_instant_says_the_same_for_every_version_and_what_tells_of_an_event_does_not()
    {
        var recruiters = new KindDefinition { Name = "X", To = "recruiter" };
        string[] told(int version) =>
            [
                .. ReminderPlan
                    .For(Subject(Start) with { Version = version }, [Confirm, recruiters], Start.AddDays(-1))
                    .Select(planned => planned.Fingerprint),
            ];
        Assert.Equal(told(1)[0], told(3)[0]);
        Assert.NotEqual(told(1)[1], told(3)[1]);
    }

    [Fact]
    public void Each_person_with_the_part_is_told_and_nobody_else()
    {
        var subject = Subject(Start) with { Parties = [new("candidate", 1), new("candidate", 7), new("recruiter", 2)] };
        Assert.Equal([1, 7], ReminderPlan.For(subject, [Confirm], Start.AddDays(-1)).Select(planned => planned.RecipientId));
        Assert.Empty(ReminderPlan.For(subject with { Parties = [] }, [Confirm], Start.AddDays(-1)));
    }

    private static PlannedOccurrence Plan(DateTimeOffset start, DateTimeOffset now) =>
        Assert.Single(ReminderPlan.For(Subject(start), [Confirm], now));

    private static SubjectNow Subject(DateTimeOffset start) =>
        new(10, "booking", 1, "approved", start, "told", [new("candidate", 1), new("recruiter", 2)]);
}
