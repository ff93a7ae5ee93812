using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;
using Reminders.Doctor;
using Reminders.Integration.Tests.Support;
using Reminders.Ledger;
using Reminders.Scheduling;

namespace Reminders.Integration.Tests.Rounds;

/// <summary>What may be wrong in Quartz's tables is found by its code, and the statement beside it mends it.</summary>
public sealed class QuartzInTrouble(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trigger_in_error_is_found_and_let_fire_again()
    {
        var (cluster, node) = await TriggeredAsync();
        await using var _ = cluster;
        await node.FindsAsync("trigger_error", Health.Good);
        await cluster.ExecuteAsync("UPDATE quartz.qrtz_triggers SET trigger_state = 'ERROR'");
        var found = await node.FindsAsync("trigger_error", Health.Bad);
        Assert.StartsWith("1 is in Quartz's state ERROR", found.Says(), StringComparison.Ordinal);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        Assert.Equal("WAITING", await cluster.ScalarAsync<string>("SELECT trigger_state FROM quartz.qrtz_triggers"));
        await node.FindsAsync("trigger_error", Health.Good);
    }

    [Fact]
    public async Task A_trigger_that_is_long_past_is_found_with_its_state_and_since_when_and_may_go()
    {
        var (cluster, node) = await TriggeredAsync();
        await using var _ = cluster;
        await node.FindsAsync("trigger_stuck", Health.Good);
        await cluster.ExecuteAsync(
            "UPDATE quartz.qrtz_triggers SET trigger_state = 'PAUSED', next_fire_time = next_fire_time - 72000000000"
        );
        var found = await node.FindsAsync("trigger_stuck", Health.Attention);
        Assert.Equal("1 is late by more than 2 minutes (paused 1).", found.Says());
        Assert.InRange(TimeProvider.System.GetUtcNow() - found.Since!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(70));
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await node.FindsAsync("trigger_stuck", Health.Good);
    }

    [Fact]
    public async Task An_instant_to_come_without_a_trigger_is_found_and_a_node_puts_it_back()
    {
        var (cluster, node) = await TriggeredAsync();
        await using var _ = cluster;
        await cluster.ExecuteAsync("UPDATE reminders.instant SET created_at = now() - interval '1 minute'");
        await node.FindsAsync("trigger_missing", Health.Good);
        await cluster.ExecuteAsync("DELETE FROM quartz.qrtz_triggers");
        var found = await node.FindsAsync("trigger_missing", Health.Attention);
        Assert.Contains("CONFIRM_2H", found.Says(), StringComparison.Ordinal);
        await cluster.StartNodeAsync();
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_triggers)", Patience);
        await node.FindsAsync("trigger_missing", Health.Good);
    }

    [Fact]
    public async Task What_a_dead_node_holds_is_found_and_released_by_hand_or_by_the_next_node()
    {
        var (cluster, node) = await TriggeredAsync();
        await using var _ = cluster;
        await AcquireAsync(cluster);
        await cluster.ExecuteAsync(
            """
            INSERT INTO quartz.qrtz_scheduler_state (sched_name, instance_name, last_checkin_time, checkin_interval)
            VALUES ('reminders', 'it''s gone', 621355968000000000 + (extract(epoch FROM now() - interval '1 minute') * 10000000)::bigint,
                2000)
            """
        );
        var found = await node.FindsAsync("trigger_of_dead_node", Health.Attention);
        Assert.Equal("1 is held by it's gone, which does not check in any more.", found.Says());
        await node.FindsAsync("second_scheduler", Health.Good);
        await cluster.ExecuteAsync(found.Fix!.Sql!);
        await node.FindsAsync("trigger_of_dead_node", Health.Good);
        Assert.Equal("WAITING", await cluster.ScalarAsync<string>("SELECT trigger_state FROM quartz.qrtz_triggers"));

        await AcquireAsync(cluster);
        await cluster.StartNodeAsync();
        await cluster.UntilAsync("SELECT NOT EXISTS (SELECT FROM quartz.qrtz_fired_triggers WHERE instance_name = 'it''s gone')", Patience);
        await node.FindsAsync("trigger_of_dead_node", Health.Good);
    }

    /// <summary>A real one, as an app would have it that has taken these tables for its own.</summary>
    [Fact]
    public async Task A_scheduler_on_these_tables_that_is_not_clustered_is_found_and_what_it_left_is_released()
    {
        var (cluster, node) = await TriggeredAsync();
        await using var _ = cluster;
        await node.FindsAsync("second_scheduler", Health.Good);
        // Within what a scheduler reads ahead.
        await cluster.ExecuteAsync(
            "UPDATE quartz.qrtz_triggers SET next_fire_time = (extract(epoch FROM now() + interval '20 seconds') * 10000000)::bigint "
                + "+ 621355968000000000"
        );
        using (var lonely = Lonely(cluster))
        {
            await lonely.StartAsync(Stop);
            await cluster.UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_fired_triggers WHERE instance_name = 'lonely')", Patience);
            var found = await node.FindsAsync("second_scheduler", Health.Bad);
            Assert.StartsWith("lonely holds 1 trigger and never checked in", found.Says(), StringComparison.Ordinal);
            await node.FindsAsync("trigger_of_dead_node", Health.Good);
            await lonely.StopAsync(Stop);
            await cluster.ExecuteAsync(found.Fix!.Sql!);
        }

        await node.FindsAsync("second_scheduler", Health.Good);
    }

    [Fact]
    public async Task Jobs_of_another_scheduler_in_these_tables_are_found()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await cluster.ExecuteAsync(
            """
            INSERT INTO quartz.qrtz_job_details (sched_name, job_name, job_group, job_class_name, is_durable, is_nonconcurrent,
                is_update_data, requests_recovery) VALUES ('their app', 'j', 'g', 'c', true, false, false, false)
            """
        );
        Assert.StartsWith(
            "'their app' keeps jobs",
            (await node.FindsAsync("second_scheduler", Health.Attention)).Says(),
            StringComparison.Ordinal
        );
    }

    /// <summary>A booking to come whose trigger is stored, and no node that runs.</summary>
    private async Task<(Cluster Cluster, IHost Node)> TriggeredAsync()
    {
        var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var node = cluster.AddStillNode();
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromHours(1)));
        var due = new DateTimeOffset(
            await cluster.ScalarAsync<DateTime>("SELECT due_second FROM reminders.instant WHERE kind = 'CONFIRM_2H'")
        );
        await cluster.ExecuteAsync("DELETE FROM reminders.instant WHERE kind <> 'CONFIRM_2H'");
        var book = node.Services.GetRequiredService<TriggerBook>();
        await book.EnsureJobsAsync(Stop);
        await book.EnsureAsync([new DueInstant("CONFIRM_2H", due)], Stop);
        return (cluster, node);
    }

    private static Task AcquireAsync(Cluster cluster) =>
        cluster.ExecuteAsync(
            """
            WITH acquired AS (UPDATE quartz.qrtz_triggers SET trigger_state = 'ACQUIRED' RETURNING *)
            INSERT INTO quartz.qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, job_name, job_group, instance_name,
                state, priority, fired_time, sched_time, is_nonconcurrent, requests_recovery)
            SELECT sched_name, 'e', trigger_name, trigger_group, job_name, job_group, 'it''s gone', 'ACQUIRED', 5, next_fire_time,
                next_fire_time, false, true FROM acquired
            """
        );

    private static IHost Lonely(Cluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => (options.InstanceName, options.InstanceId) = ("reminders", "lonely"));
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(postgres => postgres.DataSourceFactory = _ => NpgsqlDataSource.Create(cluster.ConnectionString));
                store.UseSystemTextJsonSerializer();
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "quartz.qrtz_";
                    options.StoreJobDataAsStrings = true;
                });
            });
            quartz.UseTypeLoader(loader => loader.Map("reminders:fire-due", typeof(Never)));
            quartz.AddJobType<Never>(ServiceLifetime.Transient);
        });
        builder.Services.AddQuartzHostedService();
        return builder.Build();
    }

    private sealed class Never : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
