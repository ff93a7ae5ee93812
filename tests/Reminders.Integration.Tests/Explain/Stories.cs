using Microsoft.Extensions.DependencyInjection;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Explain;
using Reminders.Integration.Tests.Support;
using Reminders.Words;

namespace Reminders.Integration.Tests.Explain;

/// <summary>Rule 14: what happened to a reminder, in order, from the tables alone.</summary>
public sealed class Stories(Postgres postgres)
{
    [Fact]
    public async Task A_reminders_way_is_told_from_the_plan_to_the_press_and_the_edit()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.NotDelivered("connection refused"));
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now()");
        var sent = await hand.DeliverAsync(new SendResult.Sent("77"));
        await hand.PressAsync(sent, "confirm");
        await hand.DeliverAsync(new SendResult.Sent("77"));

        var events = await EventsAsync(cluster, booking);
        Assert.Equal(
            [
                StoryStep.Planned,
                StoryStep.Fired,
                StoryStep.Queued,
                StoryStep.Claimed,
                StoryStep.Attempted,
                StoryStep.Claimed,
                StoryStep.Attempted,
                StoryStep.Pressed,
                StoryStep.Queued,
                StoryStep.Claimed,
                StoryStep.Attempted,
            ],
            events.Select(happened => happened.Step)
        );
        Assert.StartsWith("engine @ node1", events[0].By, StringComparison.Ordinal);
        Assert.All(
            events.Where(happened => happened.Step is StoryStep.Fired or StoryStep.Claimed or StoryStep.Attempted),
            happened => Assert.StartsWith("node1", happened.By, StringComparison.Ordinal)
        );
        Assert.Contains(
            events,
            happened => happened.Text.EndsWith("it could not be handed over: connection refused", StringComparison.Ordinal)
        );
        Assert.Contains(events, happened => happened.Text == "Anna pressed “confirm” (confirmed)");
    }

    [Fact]
    public async Task What_a_move_took_back_before_its_time_names_the_mover_and_the_reminder_that_stands_instead()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromHours(1));
        await cluster.MoveAsync(booking, await cluster.StartOfAsync(booking) + TimeSpan.FromDays(1));
        var story = await StoryAsync(cluster, booking);
        var taken = Assert.Single(story[0].Events, happened => happened.Step == StoryStep.Cancelled);
        Assert.Equal("it was taken back before it was sent: superseded by version 2", taken.Text);
        Assert.Equal(("engine", story[1].Id, "superseded by version 2"), (taken.By, taken.DecidedBy, taken.Rule));
        Assert.DoesNotContain(story[1].Events, happened => happened.Step == StoryStep.Cancelled);
    }

    [Fact]
    public async Task A_message_that_was_dropped_names_whose_change_dropped_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await cluster.SendAsync(new CancelBooking(booking));
        var dropped = Assert.Single(await EventsAsync(cluster, booking), happened => happened.Step == StoryStep.Settled);
        Assert.EndsWith("was dropped before it was sent: subject is cancelled", dropped.Text, StringComparison.Ordinal);
        Assert.Equal(("engine", "subject is cancelled"), (dropped.By, dropped.Rule));
    }

    [Fact]
    public async Task A_claim_that_was_lost_before_it_began_is_told_and_is_no_attempt()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.RunOutAsync(await hand.ClaimAsync());
        await hand.Reaper.ReapAsync(TestContext.Current.CancellationToken);
        await hand.DeliverAsync(new SendResult.Sent("77"));
        var told = (await EventsAsync(cluster, booking))
            .Where(happened => happened.Step is StoryStep.Claimed or StoryStep.Attempted)
            .ToArray();
        Assert.Equal(
            [StoryStep.Claimed, StoryStep.Attempted, StoryStep.Claimed, StoryStep.Attempted],
            told.Select(happened => happened.Step)
        );
        Assert.Contains("was lost before it began to send", told[1].Text, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.ScalarAsync<int>("SELECT attempts FROM reminders.outbox"));
    }

    private static async Task<IReadOnlyList<StoryEvent>> EventsAsync(Cluster cluster, Guid booking) =>
        (await StoryAsync(cluster, booking))[0].Events;

    /// <summary>The story of each CONFIRM_2H, by version.</summary>
    private static async Task<ReminderStory[]> StoryAsync(Cluster cluster, Guid booking)
    {
        await using var scope = cluster.Nodes[0].Services.CreateAsyncScope();
        var story = await scope
            .ServiceProvider.GetRequiredService<Explainer>()
            .ExplainAsync(booking, Wording.English, TestContext.Current.CancellationToken);
        return [.. story!.Reminders.Where(reminder => reminder.Kind == "CONFIRM_2H")];
    }
}
