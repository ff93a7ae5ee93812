using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Clocks and nodes, as each node wrote down of itself.</summary>
internal static class ClusterChecks
{
    private static readonly Fix SetClock = new("Set it by NTP, there or at the database.");

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
        return Clock("this machine", skew);
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
                ? Finding.Bad(
                    "node_running",
                    "nodes",
                    "none runs: nothing is sent until one is started with serve.",
                    Fix.ByCommand("Start one, or the app that the engine is in.", "serve")
                )
                : Finding.Good(
                    "node_running",
                    "nodes",
                    $"{Shown.Of(alive.Length, "runs", "run")}: {string.Join(", ", alive.Select(node => node.Name))}."
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
            $"{node.Name} was last seen {node.Silence.TotalSeconds:0} s ago: it was killed, or cannot reach the database.",
            new("Look after it there; others have taken over what it had.")
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
            yield return Finding.Attention(
                "clock_skew",
                "clock",
                "of every node is off: it may be the database's that is wrong. Reminders go by the database's.",
                SetClock
            );
        }
    }

    private static IEnumerable<Finding> Troubles(Node node)
    {
        if (node.Hanging.Length > 0)
        {
            yield return Finding.Bad(
                "loop_hanging",
                "loops",
                $"of {node.Name} hang: {string.Join(", ", node.Hanging)}.",
                new("Its log says why; restart it.")
            );
        }

        if (node.Aside.Length > 0)
        {
            yield return Finding.Attention(
                "row_refused",
                "rows",
                $"that the database refuses are left alone by {node.Name}: {string.Join("; ", node.Aside)}.",
                new("They are tried again; its log says which they are.")
            );
        }

        if (!node.Hears)
        {
            yield return Finding.Attention(
                "listener_deaf",
                "listener",
                $"of {node.Name} hears nothing (a pooler by the transaction?): it polls, and is slower.",
                new("DirectConnectionString is the way past a pooler.")
            );
        }
    }

    private static IEnumerable<Finding> Builds(Node[] alive)
    {
        if (alive.Select(node => node.Version).Distinct().Count() > 1)
        {
            yield return Finding.Attention(
                "builds_differ",
                "nodes",
                $"run different builds: {string.Join(", ", alive.Select(node => $"{node.Name} {node.Version}"))}.",
                new("That is well during an upgrade, and for no longer.")
            );
        }
    }

    private static Finding Clock(string whose, TimeSpan skew) =>
        skew.Duration() switch
        {
            var off when off > ClockWatch.HaltAbove => Finding.Attention(
                "clock_skew",
                "clock",
                $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's: Quartz stands by there, and the reconciler fires.",
                SetClock
            ),
            var off when off > ClockWatch.WarnAbove => Finding.Attention(
                "clock_skew",
                "clock",
                $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's.",
                SetClock
            ),
            _ => Finding.Good("clock_skew", "clock", $"of {whose} agrees with the database's."),
        };
}
