using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>Schema, clocks and nodes.</summary>
internal static class ClusterChecks
{
    /// <summary>Half the round trip is the error of the reading.</summary>
    public static async Task<Finding> ClockAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = time.GetUtcNow();
        var there = (
            await database.ReadAsync("SELECT clock_timestamp()", reader => reader.GetFieldValue<DateTimeOffset>(0), cancellationToken)
        )[0];
        var skew = before + time.GetElapsedTime(began) / 2 - there;
        return Of("clock", "this machine", skew);
    }

    public static async Task<IReadOnlyList<Finding>> NodesAsync(Database database, CancellationToken cancellationToken)
    {
        var nodes = await database.ReadAsync(
            "SELECT name, clock_timestamp() - seen_at, skew, version, hanging, hears, aside FROM reminders.node ORDER BY name",
            reader =>
                (
                    Name: reader.GetString(0),
                    Silence: reader.GetFieldValue<TimeSpan>(1),
                    Skew: reader.GetFieldValue<TimeSpan>(2),
                    Version: reader.GetString(3),
                    Hanging: reader.GetFieldValue<string[]>(4),
                    Hears: reader.GetBoolean(5),
                    Aside: reader.GetFieldValue<string[]>(6)
                ),
            cancellationToken
        );
        var findings = new List<Finding>();
        var alive = nodes.Where(node => node.Silence < Heartbeat.Silent).ToArray();
        findings.Add(
            alive.Length == 0
                ? Finding.Bad("nodes", "none runs: nothing is sent until one is started with serve.")
                : Finding.Good("nodes", $"{Counted.Of(alive.Length, "runs", "run")}: {string.Join(", ", alive.Select(node => node.Name))}.")
        );
        findings.AddRange(
            nodes
                .Except(alive)
                .Where(node => node.Silence < TimeSpan.FromHours(1))
                .Select(node =>
                    Finding.Attention(
                        "nodes",
                        $"{node.Name} was last seen {node.Silence.TotalSeconds:0} s ago: it was killed, or cannot reach the database."
                    )
                )
        );
        findings.AddRange(
            alive.Where(node => node.Skew.Duration() > ClockWatch.WarnAbove).Select(node => Of("clock", node.Name, node.Skew))
        );
        if (alive.Length > 1 && alive.All(node => node.Skew.Duration() > ClockWatch.HaltAbove))
        {
            findings.Add(
                Finding.Attention("clock", "of every node is off: it may be the database's that is wrong. Reminders go by the database's.")
            );
        }

        findings.AddRange(
            alive
                .Where(node => node.Hanging.Length > 0)
                .Select(node =>
                    Finding.Bad("loops", $"of {node.Name} hang: {string.Join(", ", node.Hanging)}. Its log says why; restart it.")
                )
        );
        findings.AddRange(
            alive
                .Where(node => node.Aside.Length > 0)
                .Select(node =>
                    Finding.Attention(
                        "rows",
                        $"that the database refuses are left alone by {node.Name}: {string.Join("; ", node.Aside)}. They are "
                            + "tried again; its log says which they are."
                    )
                )
        );
        findings.AddRange(
            alive
                .Where(node => !node.Hears)
                .Select(node =>
                    Finding.Attention("listener", $"of {node.Name} hears nothing (a pooler by the transaction?): it polls, and is slower.")
                )
        );
        if (alive.Select(node => node.Version).Distinct().Count() > 1)
        {
            findings.Add(
                Finding.Attention(
                    "nodes",
                    $"run different builds: {string.Join(", ", alive.Select(node => $"{node.Name} {node.Version}"))}."
                )
            );
        }

        return findings;
    }

    private static Finding Of(string about, string whose, TimeSpan skew) =>
        skew.Duration() switch
        {
            var off when off > ClockWatch.HaltAbove => Finding.Attention(
                about,
                $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's: Quartz stands by there, and the "
                    + "reconciler fires. Set it by NTP, there or at the database."
            ),
            var off when off > ClockWatch.WarnAbove => Finding.Attention(
                about,
                $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's: set it by NTP."
            ),
            _ => Finding.Good(about, $"of {whose} agrees with the database's."),
        };
}
