using Reminders.Channels;
using Reminders.Commands;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>What an operator sends once more is judged as the last look before the first byte judges it: refused aloud, not dropped in
/// silence.</summary>
public sealed class Replays(Postgres postgres)
{
    private static readonly (string, string?)[] ByTelegram =
    [
        ("Kinds:TICKET_ASSIGNED:Channels:1", "telegram"),
        ("Kinds:TICKET_ASSIGNED:Supersedes", "true"),
    ];

    public static TheoryData<string, string> Obstacles =>
        new()
        {
            { "", "superseded by version 2" },
            { "UPDATE reminders.address SET state = 'opted_out' WHERE channel = 'telegram'", "the recipient opted out" },
            {
                "INSERT INTO reminders.preference (recipient_id, channel, wanted) SELECT recipient_id, "
                    + "'telegram', false "
                    + "FROM reminders.address",
                "the recipient does not want it"
            },
            { "UPDATE reminders.outbox SET kind = 'RENAMED'", "the kind RENAMED is not configured any more" },
            { "UPDATE reminders.subject SET status = 'cancelled'", "it is not wanted any more: the subject is cancelled" },
            { "DELETE FROM reminders.address", "the recipient has no address on telegram" },
        };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task What_would_be_dropped_is_refused_with_the_reason_alone_and_among_many(string obstacle, string says)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByTelegram);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 1, "u1"));
        await hand.FireAsync();
        var dead = await hand.DeliverAsync(new SendResult.Rejected("bad text"));
        if (obstacle.Length == 0)
        {
            await cluster.AskAsync(Asking.Assigned("ticket-1", 2, "u1") with { DelaySeconds = 3600 });
        }
        else
        {
            await cluster.ExecuteAsync(obstacle);
        }

        var alone = Assert.IsType<Outcome<OperatorResult>.Conflict>(await cluster.SendAsync(new ReplayDead(dead.Claim.Id, "mended")));
        Assert.Contains(says, alone.Reason, StringComparison.Ordinal);
        var many = Assert.IsType<Outcome<ReplayedMessages>.Done>(
            await cluster.SendAsync(new ReplayDeadMatching(null, "bad text", "mended"))
        );
        Assert.Contains(says, Assert.Single(many.Value.Refused).Reason, StringComparison.Ordinal);

        await cluster.ExecuteAsync("UPDATE reminders.outbox SET state = 'uncertain' WHERE id = $1", dead.Claim.Id);
        var resent = Assert.IsType<Outcome<OperatorResult>.Conflict>(await cluster.SendAsync(new ResendHeld(dead.Claim.Id, "mended")));
        Assert.Contains(says, resent.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));
    }

    [Fact]
    public async Task What_is_superseded_between_planning_and_firing_is_cancelled_by_the_firing()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0, overrides: ByTelegram);
        var hand = new Hand(cluster, cluster.AddStillNode());
        await cluster.KeepPeopleAsync(1);
        await cluster.AskAsync(Asking.Assigned("ticket-1", 1, "u1"));
        // As if a firing held the row while the newer one was asked for.
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET superseded_by = 2");
        await hand.FireAsync();
        Assert.Equal(
            "cancelled superseded 2",
            await cluster.ScalarAsync<string>("SELECT state || ' ' || reason FROM reminders.occurrence")
        );
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>("SELECT (SELECT count(*) FROM reminders.outbox) + (SELECT count(*) FROM reminders.inbox_item)")
        );
    }
}
