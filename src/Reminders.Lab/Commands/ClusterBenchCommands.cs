using System.CommandLine;
using Reminders.Cli;
using Reminders.Lab.Bench;

namespace Reminders.Lab.Commands;

/// <summary>Measures a cluster with its settings as shipped: what its limits cost, whom they hold up, how soon it is well again, what a
/// kill leaves.</summary>
internal static class ClusterBenchCommands
{
    private static readonly Option<int> Count = new("--count")
    {
        Description = "Messages to send at the permitted rate, at least 90.",
        DefaultValueFactory = _ => 900,
    };
    private static readonly Option<int> NodeCount = new("--nodes")
    {
        Description = "Engine nodes, each a process, at least 2.",
        DefaultValueFactory = _ => 3,
    };
    private static readonly Option<int> Bulk = new("--bulk")
    {
        Description = "Messages of one kind that wait before a confirmation.",
        DefaultValueFactory = _ => 10_000,
    };
    private static readonly Option<int> Confirmations = new("--confirmations")
    {
        Description = "Confirmations queued behind them, one after another.",
        DefaultValueFactory = _ => 30,
    };
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How often a node and then PostgreSQL is killed.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> BurstCount = new("--count")
    {
        Description = "Messages of the burst.",
        DefaultValueFactory = _ => 20_000,
    };
    private static readonly Option<int> InFlight = new("--in-flight")
    {
        Description = "How many messages a sender has under way at once.",
        DefaultValueFactory = _ => 16,
    };

    private static readonly Option<int> Loud = new("--loud")
    {
        Description = "Messages of the loud tenant, all due at once.",
        DefaultValueFactory = _ => 100_000,
    };
    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "How long the other one asks beside it, at most.",
        DefaultValueFactory = _ => 30,
    };

    private static readonly Option<int> Minutes = new("--minutes")
    {
        Description = "How long, after five rounds in peace.",
        DefaultValueFactory = _ => 10,
    };
    private static readonly Option<int> RoundCount = new("--count")
    {
        Description = "Messages of each round.",
        DefaultValueFactory = _ => 5000,
    };
    private static readonly Option<Pressure> PressureKind = new("--pressure")
    {
        Description =
            "What somebody else does meanwhile: xmin, a transaction left open; readers, four long snapshots; pages, twenty of the console.",
        DefaultValueFactory = _ => Pressure.None,
    };

    private static readonly Option<int> DueCount = new("--count")
    {
        Description = "Messages inside seconds; a quarter as many on whole ones.",
        DefaultValueFactory = _ => 200,
    };
    private static readonly Option<int> Pending = new("--pending")
    {
        Description = "Reminders that are planned for much later.",
        DefaultValueFactory = _ => 0,
    };

    private static readonly Option<int> ApprovalCount = new("--count")
    {
        Description = "Bookings to approve.",
        DefaultValueFactory = _ => 20_000,
    };
    private static readonly Option<int> AtOnce = new("--at-once")
    {
        Description = "Requests under way together.",
        DefaultValueFactory = _ => 16,
    };

    public static Command Limits()
    {
        var limits = new Command("limits", "A strict Telegram: how much of what it permits is used, and who waits behind a bulk.")
        {
            Count,
            NodeCount,
            Bulk,
            Confirmations,
        };
        limits.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = new LimitsSettings(
                    Math.Max(90, parsed.GetValue(Count)),
                    parsed.GetValue(NodeCount),
                    parsed.GetValue(Bulk),
                    parsed.GetValue(Confirmations)
                );
                await using var cluster = await BenchCluster.StartAsync(settings.Nodes, cancellationToken);
                var result = await new LimitsBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.TooManyRequests == 0 ? 0 : 1;
            }
        );
        return limits;
    }

    public static Command Neighbour()
    {
        var neighbour = new Command(
            "neighbour",
            "Two tenants in one process and one database: what the one's burst costs the other's confirmations."
        )
        {
            Loud,
            Seconds,
        };
        neighbour.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = new NeighbourSettings(parsed.GetValue(Loud), parsed.GetValue(Seconds));
                var result = await new NeighbourBench(settings, TimeProvider.System).RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.IsKept ? 0 : 1;
            }
        );
        return neighbour;
    }

    public static Command Soak()
    {
        var soak = new Command(
            "soak",
            "Burst after burst: does the engine stay as fast, also while others keep dead rows from being cleared?"
        )
        {
            Minutes,
            RoundCount,
            PressureKind,
        };
        soak.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await BenchCluster.StartUnlimitedAsync(1, cancellationToken);
                var result = await new SoakBench(
                    cluster,
                    new(parsed.GetValue(Minutes), parsed.GetValue(RoundCount), parsed.GetValue(PressureKind)),
                    TimeProvider.System
                ).RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.IsWhole ? 0 : 1;
            }
        );
        return soak;
    }

    public static Command Due()
    {
        var due = new Command("due", "One message after another at its instant: how long after it does each arrive.") { DueCount, Pending };
        due.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await BenchCluster.StartUnlimitedAsync(1, cancellationToken, countsStatements: true);
                var result = await new DueBench(
                    cluster,
                    new(parsed.GetValue(DueCount), parsed.GetValue(Pending)),
                    TimeProvider.System
                ).RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.IsKept ? 0 : 1;
            }
        );
        return due;
    }

    public static Command Approvals()
    {
        var approvals = new Command("approvals", "Bookings approved over the API of a node, each in a transaction of its own.")
        {
            ApprovalCount,
            AtOnce,
        };
        approvals.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await BenchCluster.StartUnlimitedAsync(
                    1,
                    cancellationToken,
                    ApprovalsBench.NodeSettings,
                    countsStatements: true
                );
                using var bench = new ApprovalsBench(
                    cluster,
                    new(parsed.GetValue(ApprovalCount), parsed.GetValue(AtOnce)),
                    TimeProvider.System
                );
                var result = await bench.RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.IsWhole ? 0 : 1;
            }
        );
        return approvals;
    }

    public static Command Kill()
    {
        var kill = new Command("kill", "SIGKILL to one of two senders in the middle of a burst: this engine, and a plain batch queue.")
        {
            BurstCount,
            InFlight,
        };
        kill.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (count, inFlight) = (parsed.GetValue(BurstCount), parsed.GetValue(InFlight));
                var engine = await EngineKill.RunAsync(count, inFlight, TimeProvider.System, cancellationToken);
                var plainQueue = await PlainQueueKill.RunAsync(count, inFlight, TimeProvider.System, cancellationToken);
                return await Printing.ShowFiguresAsync(new { engine, plainQueue });
            }
        );
        return kill;
    }

    /// <summary>One worker of a peer, for <see cref="Kill"/> and the comparison to start as a process.</summary>
    public static Command PeerWorker()
    {
        var peer = new Argument<string>("peer");
        var worker = new Command(PeerWorkers.Command) { peer, InFlight };
        worker.Hidden = true;
        worker.SetAction(
            async (parsed, cancellationToken) =>
            {
                await PeerWorkers.RunAsync(parsed.GetValue(peer)!, parsed.GetValue(InFlight), cancellationToken);
                return 0;
            }
        );
        return worker;
    }

    public static Command Recovery()
    {
        var recovery = new Command("recovery", "SIGKILL to a node, then to PostgreSQL: how long until what waited is sent.")
        {
            Rounds,
            NodeCount,
        };
        recovery.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = new RecoverySettings(parsed.GetValue(Rounds), Math.Max(2, parsed.GetValue(NodeCount)));
                await using var cluster = await BenchCluster.StartAsync(settings.Nodes, cancellationToken);
                return await Printing.ShowFiguresAsync(
                    await new RecoveryBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken)
                );
            }
        );
        return recovery;
    }
}
