using Reminders.Integration.Tests.Support;
using Reminders.Lab.Bench;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rule 6: however fast a node goes, no more is under way than it is set to, and so no more can be left in doubt.</summary>
public sealed class FullWindow(Postgres postgres)
{
    private const int InFlight = 40;
    private const int Count = 1500;

    [Fact]
    public async Task In_a_burst_the_commits_under_way_never_start_more_than_the_window_holds()
    {
        await using var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 1,
            telegram: new() { EnforceLimits = false, AutoCreateChats = true },
            overrides:
            [
                ("Outbox:InFlight", $"{InFlight}"),
                ("Outbox:SlowInFlight", "0"),
                ("Outbox:Limits:telegram:PerSecond", "0"),
                ("Outbox:Limits:telegram:PerRecipientInterval", "0"),
            ]
        );
        await BulkBookings.WriteAsync(
            cluster.Database,
            Count,
            "CONFIRM_2H",
            TimeSpan.FromSeconds(-1),
            queued: false,
            TestContext.Current.CancellationToken
        );
        var most = 0L;
        while (cluster.Telegram.Record.MessageCount < Count)
        {
            most = Math.Max(
                most,
                await cluster.ScalarAsync<long>(
                    "SELECT count(*) FROM reminders.outbox WHERE state = 'sending' AND send_started_at IS NOT NULL"
                )
            );
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        // It was full, or this would say nothing.
        Assert.InRange(most, InFlight * 3 / 4, InFlight);
        Assert.Equal(Count, cluster.Telegram.Record.Messages.Select(message => message.ChatId).Distinct().Count());
        Assert.Equal(Count, cluster.Telegram.Record.MessageCount);
    }
}
