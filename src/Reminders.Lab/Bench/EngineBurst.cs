using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Cli;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>One burst through a cluster that is made for it.</summary>
internal static class EngineBurst
{
    /// <param name="api">A Bot API to send to; null for a simulator in this process.</param>
    /// <param name="countsStatements">With what each statement took. Not where others are measured without it.</param>
    public static async Task<BurstResult> RunAsync(
        BurstSettings settings,
        Uri? api,
        TimeProvider time,
        CancellationToken cancellationToken,
        bool countsStatements = false
    )
    {
        var environment = new Dictionary<string, string> { ["Outbox__BatchSize"] = $"{settings.BatchSize}" };
        if (settings.InFlight > 0)
        {
            environment["Outbox__InFlight"] = $"{settings.InFlight}";
        }

        if (api is not null)
        {
            environment["Telegram__ApiBaseUrl"] = api.ToString();
        }

        await using var cluster = await BenchCluster.StartUnlimitedAsync(
            settings.Nodes,
            cancellationToken,
            environment,
            settings.Tuned,
            countsStatements
        );
        var configuration = new ConfigurationBuilder()
            .AddReminders()
            .AddInMemoryCollection(
                cluster.Settings.Select(pair => new KeyValuePair<string, string?>(
                    pair.Key.Replace("__", ":", StringComparison.Ordinal),
                    pair.Value
                ))
            )
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddEngine(configuration, AllChannels.Add);
        await using var provider = services.BuildServiceProvider();
        var bench = new BurstBench(
            provider.GetRequiredService<Database>().Source,
            provider.GetRequiredService<IServiceScopeFactory>(),
            api is null ? cluster.Telegram : null,
            cluster.CpuMeter(),
            new StatementMeter(cluster.Database),
            time
        );
        return await bench.RunAsync(settings, TimeSpan.FromSeconds(15 + (settings.Count / 400)), cancellationToken);
    }
}
