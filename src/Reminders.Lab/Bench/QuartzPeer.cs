using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Reminders.Lab.Bench;

/// <summary>Quartz, clustered, with a job and a trigger for each message: what the engine's own use of it, one trigger for all that is
/// due at one instant, is not.</summary>
internal sealed class QuartzPeer : IPeer
{
    public const string Name = "quartz";

    private const string Number = "number";

    string IPeer.Name => Name;

    public int Most => 4000;

    public async Task FillAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        await using var services = Services(connectionString, inFlight: 1, message: null);
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken);
        foreach (var numbers in Enumerable.Range(1, count).Chunk(500))
        {
            await scheduler.ScheduleJobs(
                numbers.ToDictionary(
                    number =>
                        JobBuilder
                            .Create<SendJob>()
                            .WithIdentity($"{number}")
                            .UsingJobData(Number, number.ToString(CultureInfo.InvariantCulture))
                            .Build(),
                    IReadOnlyCollection<ITrigger> (number) => [TriggerBuilder.Create().WithIdentity($"{number}").StartNow().Build()]
                ),
                ScheduleJobOptions.Replacing,
                cancellationToken
            );
        }

        await scheduler.Shutdown(waitForJobsToComplete: false, cancellationToken);
    }

    public ProcessStartInfo Worker(string connectionString, Uri sendMessage, int inFlight) =>
        PeerWorkers.Start(this, connectionString, sendMessage, inFlight);

    public static async Task WorkAsync(string connectionString, Uri sendMessage, int inFlight, CancellationToken cancellationToken)
    {
        using var message = new PeerMessage(sendMessage);
        await using var services = Services(connectionString, Math.Min(inFlight, 64), message);
        var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken);
        await scheduler.Start(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static ServiceProvider Services(string connectionString, int inFlight, PeerMessage? message)
    {
        var services = new ServiceCollection().AddLogging();
        if (message is not null)
        {
            services.AddSingleton(message);
        }

        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = Name;
                options.MaxBatchSize = 0; // automatic
            });
            quartz.UseDefaultThreadPool(inFlight);
            quartz.AddJobType<SendJob>(ServiceLifetime.Transient);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(connectionString);
                store.UseClustering();
                store.UseSystemTextJsonSerializer();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.SchemaProvisioning = SchemaProvisioning.CreateIfMissing;
                });
            });
        });
        return services.BuildServiceProvider();
    }

    internal sealed class SendJob(PeerMessage message) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
            await message.SendAsync(
                long.Parse(context.MergedJobDataMap.GetString(Number)!, CultureInfo.InvariantCulture),
                cancellationToken
            );
    }
}
