using Npgsql;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Scheduling;

public sealed class QuartzLock(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Rule 15: nothing due waits in Quartz's lock, which a frozen node may hold.</summary>
    [Fact]
    public async Task While_somebody_holds_Quartzs_lock_reminders_go_on_being_sent()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.UntilAsync("SELECT count(*) > 0 FROM quartz.qrtz_locks WHERE lock_name = 'TRIGGER_ACCESS'", Patience);
        await using var frozen = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await frozen.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("SELECT FROM quartz.qrtz_locks WHERE lock_name = 'TRIGGER_ACCESS' FOR UPDATE", frozen))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // Its trigger cannot be stored, and so is found missing: on every node somebody now waits for the lock.
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromMinutes(30), candidateChat: 2002));
        await cluster.UntilAsync(
            """
            SELECT count(*) >= 3 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~* 'qrtz_locks'
            """,
            Patience
        );
        for (var chat = 3001; chat < 3006; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(-1), chat));
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(chat).Count == 1, TimeSpan.FromSeconds(8));
        }
    }
}
