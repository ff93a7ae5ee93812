using Reminders.Lab.Chaos;
using Reminders.Lab.Chaos.Work;

namespace Reminders.Cluster.Tests.Chaos;

/// <summary>A checker that finds nothing proves nothing: each kind of finding is planted once, and has to be named.</summary>
public sealed class CheckerTests
{
    private readonly Records _records = new();

    [Fact]
    public void A_run_in_which_all_went_well_is_called_so()
    {
        var verdict = _records.Judge();

        Assert.True(verdict.Ok, string.Join('\n', verdict.Findings));
        Assert.Equal((4, 3, 1), (verdict.Occurrences, verdict.Delivered, verdict.Doubts));
    }

    [Fact]
    public void A_message_that_arrived_a_second_time_is_named()
    {
        _records.Arrivals.Add(_records.Arrivals[0] with { MessageId = 999 });

        Assert.StartsWith("CONFIRM_2H of Interview 1 v1, message 999 in chat 1", Assert.Single(_records.Judge().Twice));
    }

    [Fact]
    public void A_held_message_may_have_arrived_once_and_not_twice()
    {
        _records.Arrivals.Add(_records.Arrivals[1] with { MessageId = 999 });

        Assert.StartsWith("CONFIRM_2H of Interview 2 v1, message 999", Assert.Single(_records.Judge().Twice));
    }

    [Fact]
    public void A_message_of_a_version_that_was_never_sent_is_one_too_many()
    {
        _records.Arrivals.Add(new(3, 999, ReadableTexts.Of("Interview 3", "CONFIRM_2H", Records.At(30)), Records.At(31)));

        Assert.StartsWith("CONFIRM_2H of Interview 3 v1, message 999", Assert.Single(_records.Judge().Twice));
    }

    [Fact]
    public void A_second_number_that_nobody_ordered_is_a_second_message_even_before_it_arrives()
    {
        _records.Send(25, 11, "uncertain", null, Records.At(60), "not delivered", number: 1);

        Assert.Contains("sent again as number 1", Assert.Single(_records.Judge().Twice));
    }

    [Fact]
    public void A_message_called_sent_that_never_arrived_is_lost()
    {
        _records.Arrivals.RemoveAt(0);

        Assert.Equal("CONFIRM_2H of Interview 1 v1: called sent as message 901, which never arrived", Assert.Single(_records.Judge().Lost));
    }

    [Fact]
    public void An_occurrence_that_fired_into_nothing_is_lost()
    {
        _records.Plan(15, 5, 1, Records.At(50), "fired");

        Assert.Equal("CONFIRM_2H of Interview 5 v1: fired, and nothing in the outbox", Assert.Single(_records.Judge().Lost));
    }

    [Fact]
    public void An_approval_that_was_acknowledged_and_never_planned_is_lost()
    {
        _records.Changes.Add(new("Interview 6", 1, Records.At(50), "approved", Records.At(0)));

        Assert.Equal("CONFIRM_2H of Interview 6 v1: approved, and never planned", Assert.Single(_records.Judge().Lost));
    }

    [Fact]
    public void Cancelled_is_a_reason_only_where_something_had_changed()
    {
        _records.Plan(15, 5, 1, Records.At(50), "cancelled", reason: "superseded 2");

        Assert.Contains("yet it was wanted", Assert.Single(_records.Judge().Lost));
    }

    [Theory]
    [InlineData("cancelled", "yet it was wanted")]
    [InlineData("dead", "yet it was of use")]
    public void A_message_that_was_given_up_is_lost_where_nothing_had_changed_and_it_was_still_of_use(string state, string lost)
    {
        _records.Plan(15, 5, 1, Records.At(50), "fired");
        _records.Messages.Add(new(25, 15, "send", 0, state, "no more", Records.At(50), null, ByHand: false));

        Assert.EndsWith(lost, Assert.Single(_records.Judge().Lost));
    }

    [Fact]
    public void Skipped_is_a_reason_only_when_it_was_too_late()
    {
        _records.Plan(15, 5, 1, Records.At(50), "skipped", reason: "past_use");

        Assert.EndsWith("yet it was of use", Assert.Single(_records.Judge().Lost));
    }

    [Fact]
    public void Already_told_is_a_reason_only_where_somebody_was()
    {
        _records.Plan(15, 5, 1, Records.At(50), "fired", latest: 3);
        _records.Messages.Add(new(25, 15, "send", 0, "cancelled", "superseded 3", Records.At(50), null, ByHand: false));
        _records.Plan(16, 5, 3, Records.At(50), "skipped", latest: 3, decidedBy: 15, reason: "already_told");

        Assert.Equal(
            "CONFIRM_2H of Interview 5 v3: skipped as already told by CONFIRM_2H of Interview 5 v1, which nobody was",
            Assert.Single(_records.Judge().Lost)
        );
    }

    [Fact]
    public void A_change_that_was_acknowledged_and_is_gone_is_lost()
    {
        _records.Changes.Add(new("Interview 1", 2, Records.At(90), "proposed", Records.At(1000)));

        Assert.Contains(_records.Judge().Lost, name => name.Contains("version 2 was acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_press_that_was_never_stored_is_lost()
    {
        _records.Presses.Add(new KnownPress("Interview 1", 701));

        Assert.Equal("press on Interview 1: update 701 never stored, or given up", Assert.Single(_records.Judge().Lost));
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("retry")]
    [InlineData("sending")]
    public void A_message_that_is_due_and_that_nobody_moves_is_stuck(string state)
    {
        _records.Plan(15, 5, 1, Records.At(50), "fired");
        _records.Messages.Add(new(25, 15, "send", 0, state, null, Records.At(50), null, ByHand: false));

        Assert.StartsWith($"CONFIRM_2H of Interview 5 v1: send 25 is {state}", Assert.Single(_records.Judge().Stuck));
    }

    [Fact]
    public void An_occurrence_that_is_due_and_that_nobody_fires_is_stuck()
    {
        _records.Plan(15, 5, 1, Records.At(50), "planned");

        Assert.StartsWith("CONFIRM_2H of Interview 5 v1: planned, due", Assert.Single(_records.Judge().Stuck));
    }

    [Fact]
    public void An_update_that_nobody_handles_and_events_that_nobody_plans_are_stuck()
    {
        _records.Updates.Add(new(702, "received", null));
        _records.WaitingEvents = 3;

        Assert.Equal(["update 702: never handled", "3 events wait to be planned"], _records.Judge().Stuck);
    }

    [Fact]
    public void A_send_that_began_after_the_move_was_acknowledged_is_stale()
    {
        _records.Changes.Add(new("Interview 1", 2, Records.At(90), "approved", Records.At(9)));
        _records.Plan(15, 1, 2, Records.At(90), "fired", latest: 2);
        _records.Send(25, 15, "sent", "905", Records.At(90), "sent");
        _records.Arrivals.Add(new(1, 905, ReadableTexts.Of("Interview 1", "CONFIRM_2H", Records.At(90)), Records.At(90)));

        Assert.StartsWith("CONFIRM_2H of Interview 1 v1: begun at", Assert.Single(_records.Judge().Stale));
    }

    [Fact]
    public void A_send_that_began_after_the_cancellation_was_acknowledged_is_stale()
    {
        _records.Changes.Add(new("Interview 1", 1, Records.At(10), "cancelled", Records.At(9)));

        Assert.StartsWith("CONFIRM_2H of Interview 1 v1: begun at", Assert.Single(_records.Judge().Stale));
    }

    [Fact]
    public void What_arrives_after_its_node_had_lost_it_is_late_and_on_record_without_being_wrong()
    {
        var index = _records.Attempts.FindIndex(attempt => attempt.MessageId == 22);
        _records.Attempts[index] = _records.Attempts[index] with { Outcome = "lease lost" };
        _records.Arrivals[1] = _records.Arrivals[1] with { At = _records.Attempts[index].SettledAt.AddSeconds(1) };
        var verdict = _records.Judge();

        Assert.StartsWith("CONFIRM_2H of Interview 2 v1: arrived at", Assert.Single(verdict.Late));
        Assert.True(verdict.Ok, string.Join('\n', verdict.Findings));
    }
}
