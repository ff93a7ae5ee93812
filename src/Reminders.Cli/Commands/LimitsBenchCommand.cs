using System.CommandLine;
using Reminders.Cli.Bench;

namespace Reminders.Cli.Commands;

/// <summary>Measures what the limits cost and whom they hold up.</summary>
internal static class LimitsBenchCommand
{
    private static readonly Option<int> Count = new("--count") { Description = "Messages to send at the permitted rate, at least 90.", DefaultValueFactory = _ => 900 };
    private static readonly Option<int> NodeCount = new("--nodes") { Description = "Engine nodes, each a process.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Bulk = new("--bulk") { Description = "Messages of one kind that wait before a confirmation.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Confirmations = new("--confirmations") { Description = "Confirmations queued behind them, one after another.", DefaultValueFactory = _ => 30 };

    public static Command Create()
    {
        var limits = new Command("limits", "A strict Telegram: how much of what it permits is used, and who waits behind a bulk.") { Count, NodeCount, Bulk, Confirmations };
        limits.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new LimitsSettings(
                Math.Max(90, parsed.GetValue(Count)), parsed.GetValue(NodeCount), parsed.GetValue(Bulk), parsed.GetValue(Confirmations));
            await using var cluster = await BenchCluster.StartAsync(settings.Nodes, cancellationToken);
            var result = await new LimitsBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken);
            await Printing.ShowFiguresAsync(result);
            return result.TooManyRequests == 0 ? 0 : 1;
        });
        return limits;
    }
}
