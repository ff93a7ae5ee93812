using System.CommandLine;
using Reminders.Cli;
using Reminders.Lab.Bench;

namespace Reminders.Lab.Commands;

/// <summary>Measures what people read: their inbox over the API, and what is pushed to them.</summary>
internal static class InboxBenchCommands
{
    private static readonly Option<int> Users = new("--users") { Description = "People with an inbox.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> Each = new("--each")
    {
        Description = "Notifications in each inbox.",
        DefaultValueFactory = _ => 1000,
    };
    private static readonly Option<int> Requests = new("--requests")
    {
        Description = "Requests of each sort.",
        DefaultValueFactory = _ => 1000,
    };
    private static readonly Option<int> Sockets = new("--sockets")
    {
        Description = "Live connections, each of another person.",
        DefaultValueFactory = _ => 500,
    };
    private static readonly Option<int> NodeCount = new("--nodes")
    {
        Description = "Engine nodes, each a process.",
        DefaultValueFactory = _ => 2,
    };
    private static readonly Option<int> Commits = new("--commits")
    {
        Description = "Transactions, each with a notification for up to five people.",
        DefaultValueFactory = _ => 300,
    };

    public static Command Inbox()
    {
        var inbox = new Command("inbox", "Full inboxes: list, count and mark over the API of a node.") { Users, Each, Requests };
        inbox.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await BenchCluster.StartAsync(1, cancellationToken);
                var settings = new InboxSettings(parsed.GetValue(Users), parsed.GetValue(Each), parsed.GetValue(Requests));
                return await Printing.ShowFiguresAsync(
                    await new InboxBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken)
                );
            }
        );
        return inbox;
    }

    public static Command Push()
    {
        var push = new Command("push", "Live connections: from commit to client.") { Sockets, NodeCount, Commits };
        push.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = new PushSettings(parsed.GetValue(Sockets), parsed.GetValue(NodeCount), parsed.GetValue(Commits));
                await using var cluster = await BenchCluster.StartAsync(settings.Nodes, cancellationToken);
                return await Printing.ShowFiguresAsync(
                    await new PushBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken)
                );
            }
        );
        return push;
    }
}
