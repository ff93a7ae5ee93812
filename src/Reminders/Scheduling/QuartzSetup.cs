using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Scheduling;

/// <summary>Quartz as this engine runs it. Each value was measured; quartz-schema/README.md and the comments say why.</summary>
internal static class QuartzSetup
{
    /// <param name="fires">Whether this node runs what is due; else it only stores triggers.</param>
    public static IServiceCollection AddQuartzCluster(this IServiceCollection services, NodeName node, SchemaNames names, bool fires)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                // The cluster's name in every Quartz table; equal on all nodes of an installation.
                options.InstanceName = names.Engine;
                options.InstanceId = node.Value;
                // Nodes are not told of each other's new triggers, they see them at their next look: 30 s by default.
                options.IdleWaitTime = TimeSpan.FromSeconds(1);
                options.MaxBatchSize = 0; // automatic: 1 was measured at half the speed
            });
            quartz.UseDefaultThreadPool(8); // a firing is set-based: a thread per kind due at one instant is plenty
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(postgres => postgres.DataSourceFactory = provider => provider.GetRequiredService<Database>().Direct);
                store.UseClustering(cluster =>
                {
                    // A dead node's firings run again about 10 s after it died; the defaults take 21 s.
                    cluster.CheckinInterval = TimeSpan.FromSeconds(2);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(5);
                });
                store.UseSystemTextJsonSerializer();
                store.UseExecutionHistory();
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = $"{names.Quartz}.qrtz_";
                    options.StoreJobDataAsStrings = true; // readable to operators
                    options.MisfireHandlerFrequency = TimeSpan.FromSeconds(5); // 57 s by default until a late trigger fires
                    options.DbRetryInterval = Reconciler.Turn; // back within a second of the database
                    options.SchemaProvisioning = SchemaProvisioning.Validate; // quartz-schema/ owns the tables
                });
            });
            quartz.UseTypeLoader(loader => loader.Map(FireDueJob.StoredName, typeof(FireDueJob)));
            quartz.AddJobType<FireDueJob>(ServiceLifetime.Transient);
        });
        services.AddQuartzExecutionHistory(history =>
        {
            history.WriteBehindInterval = TimeSpan.FromSeconds(1); // written one by one it serialises on a row per job
            history.MaxEntriesPerScheduler = 100_000;
            history.Retention = TimeSpan.FromDays(7);
        });
        if (fires)
        {
            services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        }

        return services;
    }
}
