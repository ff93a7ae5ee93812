using Reminders.Integration.Tests.Support;
using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>A kind with FallBackAfter: a doubt that nobody answers goes once more over the next channel, and stays a doubt.</summary>
public sealed class FallBacks(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_held_message_that_nobody_answers_goes_once_over_the_next_channel_and_stays_held()
    {
        var letters = new Letters();
        await using var cluster = await HoldAsync(letters, "00:00:02");
        await Eventually.TrueAsync(() => Task.FromResult(letters.Sent.Count == 1), Patience, "a letter is sent");
        // Three more turns of both nodes' reconcilers change nothing.
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET settled_at = now() - interval '1 hour' WHERE state = 'uncertain'");
        foreach (var node in cluster.Nodes)
        {
            var hand = new Hand(cluster, node);
            for (var turn = 0; turn < 3; turn++)
            {
                Assert.Equal(0, await hand.Reaper.FallBackAsync(TestContext.Current.CancellationToken));
            }
        }
        await cluster.UntilAsync("SELECT state = 'sent' FROM reminders.outbox WHERE channel = 'letter'", Patience);
        Assert.Equal(
            "uncertain",
            await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE channel = 'telegram' AND kind = 'CONFIRM_2H'")
        );
        Assert.Contains("Hello Anna", Assert.Single(letters.Sent).Text, StringComparison.Ordinal);
        Assert.True(
            await cluster.ScalarAsync<bool>(
                """
                SELECT (SELECT created_at FROM reminders.outbox WHERE channel = 'letter')
                       >= (SELECT max(settled_at) FROM reminders.attempt WHERE outcome = 'uncertain') + interval '2 seconds'
                """
            )
        );
    }

    [Theory]
    [InlineData("an answer", "UPDATE reminders.subject SET status = 'confirmed'")]
    [InlineData(
        "a press",
        "INSERT INTO reminders.press (message_id, action, effect, sender, provider_id) SELECT id, 'confirm', 'TooLate', "
            + "'1001', 'u1' FROM reminders.outbox WHERE state = 'uncertain'"
    )]
    [InlineData("a new version", "UPDATE reminders.subject SET version = version + 1")]
    [InlineData("a recipient out of reach", "UPDATE reminders.address SET state = 'unreachable' WHERE channel = 'letter'")]
    [InlineData(
        "a recipient who wants no letters",
        "INSERT INTO reminders.preference (recipient_id, channel, wanted) SELECT recipient_id, 'letter', false FROM "
            + "reminders.address WHERE channel = 'letter'"
    )]
    [InlineData("a settled doubt", "UPDATE reminders.outbox SET state = 'sent' WHERE state = 'uncertain'")]
    [InlineData("being past its use", "UPDATE reminders.outbox SET useful_until = now() WHERE state = 'uncertain'")]
    public async Task Nothing_falls_back_after_(string what, string sql)
    {
        var letters = new Letters();
        await using var cluster = await HoldAsync(letters, "01:00:00");
        await cluster.ExecuteAsync(sql);
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET settled_at = now() - interval '2 hours' WHERE kind = 'CONFIRM_2H'");
        Assert.Equal(0, await new Hand(cluster, cluster.Nodes[0]).Reaper.FallBackAsync(TestContext.Current.CancellationToken));
        Assert.True(letters.Sent.Count == 0, $"{what} did not keep the letter back");
    }

    [Fact]
    public async Task By_default_nothing_falls_back()
    {
        var letters = new Letters();
        await using var cluster = await HoldAsync(letters, null);
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET settled_at = now() - interval '90 minutes' WHERE kind = 'CONFIRM_2H'");
        Assert.Equal(0, await new Hand(cluster, cluster.Nodes[0]).Reaper.FallBackAsync(TestContext.Current.CancellationToken));
    }

    private async Task<Cluster> HoldAsync(Letters letters, string? after)
    {
        var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("Kinds:CONFIRM_2H:Channels:1", Letters.Name), ("Kinds:CONFIRM_2H:FallBackAfter", after)]
        );
        await cluster.StartNodeAsync(letters.AddTo);
        await cluster.StartNodeAsync(letters.AddTo);
        cluster.Telegram.Faults.Next(FaultKind.DropReply, chatId: 1001);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await Letters.AddressAsync(cluster, 1001);
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE state = 'uncertain')", Patience);
        return cluster;
    }
}
