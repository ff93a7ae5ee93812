using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Doctor;
using Reminders.Explain;
using Reminders.Integration.Tests.Support;
using Reminders.Words;

namespace Reminders.Integration.Tests.Explain;

/// <summary>A story's summary speaks from all that stands in a message's way, and never of an instant that is past.</summary>
public sealed class WhatBlocks(Postgres postgres)
{
    public static TheoryData<string, string> Pending =>
        new()
        {
            { "DELETE FROM reminders.node", "Anna is not told yet: no node runs, and nothing is sent until one is started." },
            {
                "UPDATE reminders.node SET seen_at = now() - interval '1 hour'",
                "Anna is not told yet: no node runs (the last was seen at "
            },
            {
                "INSERT INTO reminders.channel (name, paused_until, pause_reason) VALUES ('telegram', now() + interval '1 "
                    + "hour', 'Too Many Requests')",
                "Anna is not told yet: telegram was asked to wait (429) until "
            },
            {
                "INSERT INTO reminders.channel (name, broken_since, pause_reason) VALUES ('telegram', now(), 'Unauthorized')",
                "Anna is not told yet: telegram has been broken since "
            },
            {
                "UPDATE reminders.recipient SET quiet_from = '00:00', quiet_to = '23:59:59.9', zone = 'UTC'; UPDATE "
                    + "reminders.outbox SET useful_until = now() + interval '2 days'",
                "Anna is not told yet: it is a quiet hour for them until "
            },
            {
                "INSERT INTO reminders.throttle (channel, address, next_at) VALUES ('telegram', '1001', now() + interval '30 seconds')",
                "Anna is not told yet: telegram allows them the next message at "
            },
            {
                "UPDATE reminders.outbox SET due_at = now() + interval '5 minutes', state = 'retry', reason = 'connection refused'",
                "Anna is not told yet: connection refused; the next try is at "
            },
            {
                "UPDATE reminders.outbox SET state = 'retry', reason = 'connection refused'",
                "Anna is not told yet: connection refused; the next try is due now."
            },
            {
                "UPDATE reminders.address SET state = 'opted_out' WHERE address = '1001'",
                "Anna will not be told: the recipient opted out."
            },
            {
                "UPDATE reminders.address SET state = 'unreachable', reason = 'blocked' WHERE address = '1001'",
                "Anna can't be told on telegram: recipient is unreachable: blocked."
            },
            { "DELETE FROM reminders.address WHERE address = '1001'", "Anna can't be told on telegram: no address on the channel." },
            { "UPDATE reminders.subject SET version = 2", "Anna will not be told: superseded by version 2." },
            { "UPDATE reminders.outbox SET useful_until = now()", "Anna will not be told: it was of use until " },
            {
                "UPDATE reminders.outbox SET kind = 'RENAMED'",
                "Anna is not told yet: the kind RENAMED is not configured any more, so nobody sends it."
            },
            { "SELECT 1", "Anna is about to be told." },
            {
                "UPDATE reminders.outbox SET state = 'sending', lease_until = now() - interval '1 minute', send_started_at = "
                    + "now() - interval '2 minutes', leased_by = 'x'",
                "The node that began to tell Anna at "
            },
        };

    [Theory]
    [MemberData(nameof(Pending))]
    public async Task A_message_that_is_not_sent_names_what_keeps_it(string obstacle, string says)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await AliveAsync(cluster);
        await cluster.ExecuteAsync(obstacle);
        Assert.StartsWith(says, (await StoryAsync(cluster, booking)).Summary, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Planned =>
        new()
        {
            { "SELECT 1", "Anna will be told at " },
            { "DELETE FROM reminders.node", "no node runs, and nothing is sent until one is started" },
            {
                "INSERT INTO reminders.channel (name, paused_until, pause_reason) VALUES ('telegram', now() + interval '5 "
                    + "hours', 'Too Many Requests')",
                "unless this stays as it is: telegram was asked to wait (429) until "
            },
            {
                "DELETE FROM reminders.address WHERE address = '1001'",
                "unless this stays as it is: there is no address to reach them on telegram"
            },
            {
                "UPDATE reminders.recipient SET quiet_from = '00:00', quiet_to = '23:59:59.9', zone = 'UTC'; UPDATE "
                    + "reminders.occurrence SET useful_until = now() + interval '3 days'",
                "when their quiet hours end"
            },
            { "UPDATE reminders.occurrence SET due_at = now() - interval '1 minute'", "; a node takes it up within seconds." },
            {
                "DELETE FROM reminders.node; UPDATE reminders.occurrence SET due_at = now() - interval '1 minute'",
                " and is not yet: no node runs"
            },
            {
                "UPDATE reminders.occurrence SET due_at = now() - interval '1 hour', useful_until = now() - interval '1 minute'",
                " and was not; it was of use until "
            },
        };

    [Theory]
    [MemberData(nameof(Planned))]
    public async Task What_is_still_to_come_names_what_would_keep_it(string obstacle, string says)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromHours(2));
        await AliveAsync(cluster);
        await cluster.ExecuteAsync(obstacle);
        Assert.Contains(says, (await StoryAsync(cluster, booking)).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_another_kind_says_so()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromHours(2));
        await AliveAsync(cluster);
        Assert.EndsWith(
            "It follows CONFIRM_2H: 1 hour after that was sent, and not at all if it never was.",
            (await StoryAsync(cluster, booking, "NO_ANSWER_1H")).Summary,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_ledgers_short_words_are_told_as_sentences()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync(dueIn: TimeSpan.FromMinutes(-115));
        foreach (var kind in (string[])["CONFIRM_2H", "NO_ANSWER_1H"])
        {
            var story = await StoryAsync(cluster, booking, kind);
            Assert.Contains("too shortly before the start", story.Summary, StringComparison.Ordinal);
            Assert.All(
                story.Events.SelectMany(happened => new[] { happened.Text, happened.Rule }).Append(story.Summary),
                text => Assert.DoesNotContain("below_minimum_lead", text ?? "", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Somebody_elses_press_is_told_as_refused_and_a_late_one_as_late()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        var sent = await hand.DeliverAsync(new SendResult.Sent("77"));
        for (var time = 0; time < 15; time++)
        {
            await hand.PressAsync(sent, "confirm", from: 4711);
        }

        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = now() - interval '1 second'");
        await cluster.ExecuteAsync("UPDATE reminders.occurrence o SET told = s.told FROM reminders.subject s WHERE s.id = o.subject_id");
        await hand.PressAsync(sent, "decline");
        var presses = (await StoryAsync(cluster, booking)).Events.Where(happened => happened.Step == StoryStep.Pressed).ToArray();
        Assert.Equal(
            10,
            presses.Count(press => press.Text == "somebody else (4711) pressed “confirm” (refused: the button is not theirs)")
        );
        Assert.Equal("Anna pressed “decline” (too late, it had begun)", presses[^1].Text);
    }

    [Fact]
    public async Task Doctor_names_the_end_of_a_pause_and_counts_as_people_do()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await cluster.ExecuteAsync(
            "INSERT INTO reminders.channel (name, paused_until, pause_reason) VALUES ('telegram', now() + interval '58 "
                + "minutes', 'Too Many Requests')"
        );
        var channel = Assert.Single(await ChannelChecks.LookAsync(new(cluster.Database), TestContext.Current.CancellationToken));
        Assert.Equal(Health.Attention, channel.Health);
        Assert.Matches(
            @"^telegram was asked to wait \(429\) until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: Too Many Requests\. 1 message waits\.$",
            channel.Says()
        );
        var nodes = Assert.Single(await ClusterChecks.NodesAsync(new(cluster.Database), TestContext.Current.CancellationToken));
        Assert.Equal((Health.Bad, "none runs: nothing is sent until one is started with serve."), (nodes.Health, nodes.Says()));

        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET state = 'planned', due_at = now() - interval '1 minute' WHERE kind = 'NO_ANSWER_1H'"
        );
        Assert.StartsWith(
            "1 reminder is overdue",
            (await LedgerChecks.OverdueAsync(new(cluster.Database), TestContext.Current.CancellationToken)).Says(),
            StringComparison.Ordinal
        );
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET state = 'planned', due_at = now() - interval '1 minute'");
        Assert.StartsWith(
            "2 reminders are overdue",
            (await LedgerChecks.OverdueAsync(new(cluster.Database), TestContext.Current.CancellationToken)).Says(),
            StringComparison.Ordinal
        );
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET state = 'dead', settled_at = now()");
        Assert.Contains(
            await WaitingChecks.LookAsync(new(cluster.Database), TestContext.Current.CancellationToken),
            finding => finding.Says().StartsWith("1 message of the last 7 days was given up", StringComparison.Ordinal)
        );
    }

    private static Task AliveAsync(Cluster cluster) =>
        cluster.ExecuteAsync("INSERT INTO reminders.node (name, version) VALUES ('node1', '1')");

    private static async Task<ReminderStory> StoryAsync(Cluster cluster, Guid booking, string kind = "CONFIRM_2H")
    {
        await using var scope = cluster.Nodes[0].Services.CreateAsyncScope();
        var story = await scope
            .ServiceProvider.GetRequiredService<Explainer>()
            .ExplainAsync(booking, Wording.English, TestContext.Current.CancellationToken);
        return Assert.Single(story!.Reminders, reminder => reminder.Kind == kind);
    }
}
