using Npgsql;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Scheduling;

/// <summary>Rule 1: a trigger says when, never whether. Quartz's tables are expendable.</summary>
public sealed class WipedQuartz(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task With_every_row_of_Quartz_deleted_what_is_due_is_still_sent_once_and_later_triggers_come_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        for (var chat = 1; chat <= 5; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(3), chat), chat % 2);
        }

        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromDays(3), 100));
        await cluster.UntilAsync("SELECT count(*) >= 2 FROM quartz.qrtz_triggers WHERE trigger_name LIKE 'CONFIRM_2H@%'", Patience);
        await Eventually.TrueAsync(() => WipedAsync(cluster), Patience, "TRUNCATE found its moment");
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM quartz.qrtz_triggers"));

        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 5, Patience);
        await cluster.UntilAsync(
            """
            SELECT EXISTS (SELECT FROM quartz.qrtz_triggers t JOIN reminders.occurrence o ON o.state = 'planned' AND o.kind = 'CONFIRM_2H'
                WHERE t.trigger_name = o.kind || '@' || to_char(o.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
            """,
            Patience
        );
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);
        Assert.All(Enumerable.Range(1, 5), chat => Assert.Single(cluster.Telegram.Record.MessagesTo(chat)));
        Assert.Empty(cluster.Telegram.Record.MessagesTo(100));
    }

    [Fact]
    public async Task Without_any_trigger_what_is_due_is_fired_within_seconds()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromDays(1)));
        // Due, and no trigger stands for it: as after a crash between the approval's commit and its trigger.
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now() + interval '1 second' WHERE kind = 'CONFIRM_2H'");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, TimeSpan.FromSeconds(10));
    }

    /// <summary>False when the schedulers' own transactions stood in the way (40P01); asked again, it gets its turn.</summary>
    private static async Task<bool> WipedAsync(Cluster cluster)
    {
        try
        {
            await cluster.ExecuteAsync(
                """
                DO $$ DECLARE everything text; BEGIN
                    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO everything
                    FROM pg_tables WHERE schemaname = 'quartz' AND tablename LIKE 'qrtz_%';
                    EXECUTE 'TRUNCATE ' || everything || ' CASCADE';
                END $$
                """
            );
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }
}
