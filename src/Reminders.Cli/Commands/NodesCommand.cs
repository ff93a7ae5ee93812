using System.CommandLine;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Cli.Commands;

/// <summary>Which nodes there are, and what each does.</summary>
internal static class NodesCommand
{
    public static Command Create() => new("nodes", "The cluster's nodes.") { List() };

    private static Command List()
    {
        var command = new Command("list", "Those that are there, and for an hour those that are gone.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var nodes = await NodeBoard.ReadAsync(engine.Get<Database>().CreateCommand, cancellationToken);
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(nodes);
                }

                var table = new PlainTable("node", "state", "seen", "started", "build", "skew", "leads", "hangs");
                foreach (var node in nodes)
                {
                    table.Add(
                        node.Name,
                        Printing.Say(node.IsGone ? "cli.gone" : "cli.there"),
                        PlainTable.Show(node.SeenAt),
                        PlainTable.Show(node.StartedAt),
                        node.Version,
                        $"{node.Skew.TotalMilliseconds:0} ms",
                        string.Join(", ", node.Leads),
                        string.Join(", ", node.Hanging)
                    );
                }

                await Console.Out.WriteAsync(table.Count == 0 ? Printing.Say("cli.no_node") + Environment.NewLine : table.ToString());
                return 0;
            }
        );
        return command;
    }
}
