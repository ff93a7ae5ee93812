using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace Reminders.Integration.Tests.QuartzSchema;

/// <summary>One clustered Quartz node on a database, started and stopped as a host does.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost _host;

    private Node(IHost host, IScheduler scheduler) => (_host, Scheduler) = (host, scheduler);

    public IScheduler Scheduler { get; }

    public static async Task<Node> StartAsync(string database, SchemaProvisioning provisioning)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(database));
        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(o =>
            {
                o.InstanceName = "reminders";
                o.InstanceId = "node-a";
                o.IdleWaitTime = TimeSpan.FromSeconds(1);
            });
            quartz.UseDefaultThreadPool(2);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(d => d.DataSourceFactory = services => services.GetRequiredService<NpgsqlDataSource>());
                store.UseClustering();
                store.UseSystemTextJsonSerializer();
                // Its three tables are checked at the start only when it is in use.
                store.UseExecutionHistory();
                store.ConfigureStore(o =>
                {
                    o.TablePrefix = "quartz.qrtz_";
                    o.StoreJobDataAsStrings = true;
                    o.MisfireHandlerFrequency = TimeSpan.FromSeconds(1);
                    o.SchemaProvisioning = provisioning;
                });
            });
            quartz.UseTypeLoader(o => o.Map(SlowJob.StoredName, typeof(SlowJob)));
            quartz.AddJobType<SlowJob>();
            quartz.Services.AddSingleton<Gate>();
        });
        builder.Services.AddQuartzHostedService(o =>
        {
            o.WaitForJobsToComplete = true;
            // Otherwise the host's start returns before the scheduler's does.
            o.AwaitApplicationStarted = false;
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host, await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler());
    }

    public async Task ScheduleAsync(string kind, DateTimeOffset due)
    {
        var key = new JobKey(kind, "reminders");
        await Scheduler.AddJob(
            JobBuilder.Create().OfType(new JobType(SlowJob.StoredName)).WithIdentity(key).StoreDurably().RequestRecovery().Build(),
            new AddJobOptions { Replace = true }
        );
        await Scheduler.ScheduleTrigger(
            TriggerBuilder
                .Create()
                .WithIdentity($"{kind}@{due.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", "reminders")
                .ForJob(key)
                .StartAt(due)
                .WithSimpleSchedule(s => s.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
                .Build(),
            TriggerConflict.Keep
        );
    }

    /// <summary>Lets the jobs that run, and all later ones, come to their end.</summary>
    public void LetJobsEnd() => _host.Services.GetRequiredService<Gate>().Open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetJobsEnd();
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Gate
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Runs until it is let go, and long enough for its run time's unit to be told.</summary>
    private sealed class SlowJob(Gate gate) : IJob
    {
        public const string StoredName = "test:slow";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            await Task.Delay(100, cancellationToken);
            await gate.Open.Task.WaitAsync(cancellationToken);
        }
    }
}
