using System.CommandLine;
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
    private static readonly Option<bool> Tuned = new("--tuned")
    {
        Description = "PostgreSQL as one would set it for this, instead of its defaults.",
    };
    private static readonly Option<string[]> Peers = new("--peers")
    {
        Description = $"Queues to run beside the engine: {string.Join(", ", Comparison.PeerNames)}, or all. Default: the floor alone.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string> Channel = new("--channel")
    {
        Description = $"What the reminders go over: {string.Join(", ", EngineBurst.Channels)}.",
        DefaultValueFactory = _ => EngineBurst.Channels[0],
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
            Tuned,
            Channel,
            Api,
            Json,
        };
        Channel.AcceptOnlyFromAmong(EngineBurst.Channels);
        burst.Validators.Add(result =>
        {
            if (result.GetResult(Api) is not null && result.GetValue(Channel) is { } channel && channel != EngineBurst.Channels[0])
            {
                result.AddError($"--api is a Bot API, and nothing goes there with --channel {channel}.");
            }
        });
        burst.SetAction(
            (parsed, cancellationToken) =>
                BurstAsync(
                    Settings(parsed) with
                    {
                        Channel = parsed.GetValue(Channel)!,
                    },
                    parsed.GetValue(Api),
                    parsed.GetValue(Json),
                    cancellationToken
                )
        );
        Peers.AcceptOnlyFromAmong([.. Comparison.PeerNames, "all"]);
        var compare = new Command("compare", "The same burst through the engine, a plain batch queue and other queues, in turns.")
        {
            Count,
            NodeCount,
            InFlight,
            Batch,
            Rounds,
            Peers,
            Tuned,
            Json,
        };
        compare.SetAction(
            async (parsed, cancellationToken) =>
            {
                var peers = parsed.GetValue(Peers) ?? [];
                var comparison = new Comparison(
                    Settings(parsed),
                    parsed.GetValue(Rounds),
                    peers.Contains("all") ? Comparison.PeerNames : peers,
                    TimeProvider.System
                );
                var result = await comparison.RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result, indented: !parsed.GetValue(Json));
                return result.IsWhole ? 0 : 1;
            }
        );
        return new Command("bench", "Measure throughput, latency and recovery.")
        {
            burst,
            compare,
            ClusterBenchCommands.Limits(),
            ClusterBenchCommands.Neighbour(),
            ClusterBenchCommands.Recovery(),
            ClusterBenchCommands.Kill(),
            ClusterBenchCommands.Soak(),
            ClusterBenchCommands.Due(),
            ClusterBenchCommands.Approvals(),
            ClusterBenchCommands.PeerWorker(),
            InboxBenchCommands.Inbox(),
            InboxBenchCommands.Push(),
            PagesBenchCommand.Create(),
        };
    }

    private static BurstSettings Settings(ParseResult parsed) =>
        new(parsed.GetValue(Count), parsed.GetValue(NodeCount), parsed.GetValue(InFlight), parsed.GetValue(Batch), parsed.GetValue(Tuned));

    private static async Task<int> BurstAsync(BurstSettings settings, Uri? api, bool json, CancellationToken cancellationToken)
    {
        var result = await EngineBurst.RunAsync(settings, api, TimeProvider.System, cancellationToken, countsStatements: true);
        await Printing.ShowFiguresAsync(result, indented: !json);
        return result.IsWhole ? 0 : 1;
    }
}
