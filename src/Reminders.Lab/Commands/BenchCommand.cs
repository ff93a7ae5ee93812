using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Cli;
using Reminders.Cli.Commands;
using Reminders.Lab.Bench;

namespace Reminders.Lab.Commands;

/// <summary>Measures. Everything is started for the run and stopped after it, unless it is given.</summary>
internal static class BenchCommand
{
    private static readonly Option<int> Count = new("--count")
    {
        Description = "Bookings due at one instant.",
        DefaultValueFactory = _ => 5000,
    };
    private static readonly Option<int> NodeCount = new("--nodes")
    {
        Description = "Engine nodes, each a process.",
        DefaultValueFactory = _ => 2,
    };
    private static readonly Option<int> InFlight = new("--in-flight")
    {
        Description = "Outbox:InFlight of each node: what a kill may leave in doubt, for speed. 0 leaves it as shipped.",
        DefaultValueFactory = _ => 200,
    };
    private static readonly Option<int> Batch = new("--batch")
    {
        Description = "Outbox:BatchSize of each node.",
        DefaultValueFactory = _ => 500,
    };
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How often each of them runs.",
        DefaultValueFactory = _ => 3,
    };
    private static readonly Option<Uri?> Api = ApiOption.Create("A Bot API to send to. Default: a simulator in this process.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object and nothing else." };

    public static Command Create()
    {
        var burst = new Command("burst", "Reminders of many bookings, due at one instant.")
        {
            Count,
            NodeCount,
            InFlight,
            Batch,
            Api,
            Json,
        };
        burst.SetAction(
            (parsed, cancellationToken) =>
                BurstAsync(
                    new(parsed.GetValue(Count), parsed.GetValue(NodeCount), parsed.GetValue(InFlight), parsed.GetValue(Batch)),
                    parsed.GetValue(Api),
                    parsed.GetValue(Json),
                    cancellationToken
                )
        );
        var compare = new Command("compare", "The same burst through the engine and through a plain batch queue, in turns.")
        {
            Count,
            NodeCount,
            InFlight,
            Batch,
            Rounds,
            Json,
        };
        compare.SetAction(
            (parsed, cancellationToken) =>
                CompareAsync(
                    new(parsed.GetValue(Count), parsed.GetValue(NodeCount), parsed.GetValue(InFlight), parsed.GetValue(Batch)),
                    parsed.GetValue(Rounds),
                    parsed.GetValue(Json),
                    cancellationToken
                )
        );
        return new Command("bench", "Measure throughput, latency and recovery.")
        {
            burst,
            compare,
            ClusterBenchCommands.Limits(),
            ClusterBenchCommands.Recovery(),
            ClusterBenchCommands.Kill(),
            ClusterBenchCommands.PlainWorker(),
            InboxBenchCommands.Inbox(),
            InboxBenchCommands.Push(),
        };
    }

    private static async Task<int> BurstAsync(BurstSettings settings, Uri? api, bool json, CancellationToken cancellationToken)
    {
        var result = await BurstAsync(settings, api, cancellationToken);
        await Printing.ShowFiguresAsync(result, indented: !json);
        return result.IsWhole ? 0 : 1;
    }

    /// <summary>One machine is as fast as it is at the moment: only what runs in turns with it can be compared.</summary>
    private static async Task<int> CompareAsync(BurstSettings settings, int rounds, bool json, CancellationToken cancellationToken)
    {
        var (floors, engines) = (new List<FloorResult>(), new List<BurstResult>());
        var atOnce = Math.Max(settings.InFlight, 128);
        for (var round = 0; round < rounds; round++)
        {
            floors.Add(await PlainQueueBurst.RunAsync(settings.Count, atOnce, TimeProvider.System, cancellationToken));
            engines.Add(await BurstAsync(settings, api: null, cancellationToken));
        }

        var ratios = engines.Zip(floors, (engine, floor) => Math.Round(engine.MessagesPerSecond / floor.MessagesPerSecond, 2)).ToArray();
        await Printing.ShowFiguresAsync(
            new
            {
                ratios,
                floors,
                engines,
            },
            indented: !json
        );
        return engines.TrueForAll(engine => engine.IsWhole) ? 0 : 1;
    }

    private static async Task<BurstResult> BurstAsync(BurstSettings settings, Uri? api, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            ["Outbox__BatchSize"] = $"{settings.BatchSize}",
            ["Outbox__Limits__telegram__PerSecond"] = "0",
            ["Outbox__Limits__telegram__PerRecipientInterval"] = "0",
        };
        if (settings.InFlight > 0)
        {
            environment["Outbox__InFlight"] = $"{settings.InFlight}";
        }

        if (api is not null)
        {
            environment["Telegram__ApiBaseUrl"] = api.ToString();
        }

        await using var cluster = await BenchCluster.StartAsync(
            settings.Nodes,
            cancellationToken,
            new() { EnforceLimits = false, AutoCreateChats = true },
            environment
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
        services.AddReminders(configuration, AllChannels.Add);
        await using var provider = services.BuildServiceProvider();
        var bench = new BurstBench(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            api is null ? cluster.Telegram : null,
            new CpuMeter([.. cluster.Nodes.Select(node => node.Id)], cluster.PostgresFolder),
            TimeProvider.System
        );
        return await bench.RunAsync(settings, TimeSpan.FromSeconds(Math.Max(15, settings.Count / 150)), cancellationToken);
    }
}
