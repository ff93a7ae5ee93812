using System.Globalization;
using System.Text.RegularExpressions;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>Clocks and nodes, as each node wrote down of itself.</summary>
internal static partial class ClusterChecks
{
    private static readonly Fix SetClock = new(new Sentence("fix.clock"));

    private sealed record Node(
        string Name,
        TimeSpan Silence,
        DateTimeOffset SeenAt,
        TimeSpan Skew,
        string Version,
        string[] Hanging,
        bool Hears,
        string[] Aside
    );

    /// <summary>Half the round trip is the error of the reading.</summary>
    public static async Task<Finding> ClockAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = time.GetUtcNow();
        var there = (
            await database.ReadAsync("SELECT clock_timestamp()", reader => reader.GetFieldValue<DateTimeOffset>(0), cancellationToken)
        )[0];
        var skew = before + time.GetElapsedTime(began) / 2 - there;
        return Clock(new Sentence("found.this_machine"), skew);
    }

    public static async Task<IReadOnlyList<Finding>> NodesAsync(Database database, CancellationToken cancellationToken)
    {
        var nodes = await database.ReadAsync(
            "SELECT name, clock_timestamp() - seen_at, seen_at, skew, version, hanging, hears, aside FROM reminders.node ORDER BY name",
            reader => new Node(
                reader.GetString(0),
                reader.GetFieldValue<TimeSpan>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetFieldValue<TimeSpan>(3),
                reader.GetString(4),
                reader.GetFieldValue<string[]>(5),
                reader.GetBoolean(6),
                reader.GetFieldValue<string[]>(7)
            ),
            cancellationToken
        );
        var alive = nodes.Where(node => node.Silence < Heartbeat.Silent).ToArray();
        return
        [
            alive.Length == 0
                ? Finding.Bad("node_running", "nodes", new("found.no_node"), Fix.ByCommand(new("fix.serve"), "serve"))
                : Finding.Good(
                    "node_running",
                    "nodes",
                    new("found.nodes_run", (long)alive.Length, string.Join(", ", alive.Select(node => node.Name)))
                ),
            .. nodes.Except(alive).Where(node => node.Silence < TimeSpan.FromHours(1)).Select(Silent),
            .. Clocks(alive),
            .. alive.SelectMany(Troubles),
            .. Builds(alive),
        ];
    }

    private static Finding Silent(Node node) =>
        Finding.Attention(
            "node_silent",
            "nodes",
            new("found.node_silent", node.Name, (long)Math.Round(node.Silence.TotalSeconds)),
            new("fix.node_silent")
        ) with
        {
            Since = node.SeenAt,
        };

    private static IEnumerable<Finding> Clocks(Node[] alive)
    {
        foreach (var node in alive.Where(node => node.Skew.Duration() > ClockWatch.WarnAbove))
        {
            yield return Clock(node.Name, node.Skew);
        }

        if (alive.Length > 1 && alive.All(node => node.Skew.Duration() > ClockWatch.HaltAbove))
        {
            yield return Finding.Attention("clock_skew", "clock", new("found.clocks_off"), SetClock);
        }
    }

    private static IEnumerable<Finding> Troubles(Node node)
    {
        if (node.Hanging.Length > 0)
        {
            yield return Finding.Bad(
                "loop_hanging",
                "loops",
                new("found.loops_hang", node.Name, string.Join(", ", node.Hanging)),
                new("fix.loops")
            );
        }

        if (node.Aside.Length > 0)
        {
            yield return Finding.Attention(
                "row_refused",
                "rows",
                new("found.rows_aside", node.Name, node.Aside.Select(Aside).ToArray()),
                new("fix.rows_aside")
            );
        }

        if (!node.Hears)
        {
            yield return Finding.Attention("listener_deaf", "listener", new("found.deaf", node.Name), new("fix.pooler"));
        }
    }

    private static IEnumerable<Finding> Builds(Node[] alive)
    {
        if (alive.Select(node => node.Version).Distinct().Count() > 1)
        {
            yield return Finding.Attention(
                "builds_differ",
                "nodes",
                new("found.builds_differ", string.Join(", ", alive.Select(node => $"{node.Name} {node.Version}"))),
                new("fix.builds")
            );
        }
    }

    private static Finding Clock(object whose, TimeSpan skew) =>
        skew.Duration() switch
        {
            var off when off > ClockWatch.HaltAbove => Finding.Attention(
                "clock_skew",
                "clock",
                new("found.clock_halts", whose, skew.TotalSeconds),
                SetClock
            ),
            var off when off > ClockWatch.WarnAbove => Finding.Attention(
                "clock_skew",
                "clock",
                new("found.clock_off", whose, skew.TotalSeconds),
                SetClock
            ),
            _ => Finding.Good("clock_skew", "clock", new("found.clock_agrees", whose)),
        };

    /// <summary>As <see cref="PutAsides"/> writes it down.</summary>
    private static Sentence Aside(string written) =>
        Written().Match(written) is { Success: true, Groups: var found }
            ? new("found.aside", found[1].Value, long.Parse(found[2].Value, CultureInfo.InvariantCulture), found[3].Value)
            : new("reason.said", written);

    [GeneratedRegex(@"^(.+): ([0-9]{1,9}) \(the last with SQLSTATE (\w+)\)$")]
    private static partial Regex Written();
}
