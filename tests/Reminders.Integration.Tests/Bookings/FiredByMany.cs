using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Ledger;

namespace Reminders.Integration.Tests.Bookings;

/// <summary>Scenario 1's second suspect: schedulers on several nodes fire the same instant.</summary>
public sealed class FiredByMany(Postgres postgres)
{
    [Fact]
    public async Task Two_engines_that_fire_the_same_instant_over_and_over_send_one_message_each()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        for (var round = 0; round < 20; round++)
        {
            var chats = Enumerable.Range(round * 3 + 1, 3).Select(chat => (long)chat).ToArray();
            foreach (var chat in chats)
            {
                await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat), round % 2);
            }

            var judged = await Task.WhenAll(
                Enumerable
                    .Range(0, 12)
                    .Select(i =>
                        Task.Run(() =>
                            cluster
                                .Nodes[i % 2]
                                .Services.GetRequiredService<Firing>()
                                .FireAsync("CONFIRM_2H", TestContext.Current.CancellationToken)
                        )
                    )
            );
            Assert.InRange(judged.Sum(), 0, 3);
        }
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 60, TimeSpan.FromSeconds(60));
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", TimeSpan.FromSeconds(60));
        Assert.All(Enumerable.Range(1, 60), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Equal(60, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox"));
        await Duplicates.NoneIn(cluster);
    }

    /// <summary>Rule 2: the message has an identity of its own, should an occurrence ever come to be fired a second time.</summary>
    [Fact]
    public async Task An_occurrence_that_is_fired_anew_writes_no_second_message_though_the_first_was_sent()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        var booking = await hand.QueueAsync();
        await hand.DeliverAsync(new SendResult.Sent("77"));
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET state = 'planned' WHERE kind = 'CONFIRM_2H'");
        Assert.Equal(1, await hand.FireAsync());
        Assert.Equal(["CONFIRM_2H send sent"], await hand.MessagesAsync(booking));
    }

    [Fact]
    public async Task Nothing_fires_before_it_is_due_by_the_databases_clock()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, await hand.FireAsync());
        Assert.Equal(0, await hand.Firing.FireAsync("CONFIRM_2H", default));
    }
}
