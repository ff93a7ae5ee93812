using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>Schema, clocks and nodes.</summary>
internal static class ClusterChecks
{
    // Five missed heartbeats.
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(10);

    public static async Task<Finding> SchemaAsync(Migrator migrator, CancellationToken cancellationToken) =>
        await migrator.MissingAsync(cancellationToken) is { Count: > 0 } missing
            ? Finding.Bad("schema", $"lacks {missing.Count} scripts of this build ({string.Join(", ", missing)}): run migrate, or start a node.")
            : Finding.Good("schema", "is this build's.");

    /// <summary>Half the round trip is the error of the reading.</summary>
    public static async Task<Finding> ClockAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = time.GetUtcNow();
        var there = (await database.ReadAsync("SELECT clock_timestamp()", reader => reader.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0];
        var skew = before + time.GetElapsedTime(began) / 2 - there;
        return Of("clock", "this machine", skew);
    }

    public static async Task<IReadOnlyList<Finding>> NodesAsync(Database database, CancellationToken cancellationToken)
    {
        var nodes = await database.ReadAsync(
            "SELECT name, clock_timestamp() - seen_at, skew, version FROM reminders.node ORDER BY name",
            reader => (Name: reader.GetString(0), Silence: reader.GetFieldValue<TimeSpan>(1), Skew: reader.GetFieldValue<TimeSpan>(2), Version: reader.GetString(3)),
            cancellationToken);
        var findings = new List<Finding>();
        var alive = nodes.Where(node => node.Silence < Silent).ToArray();
        findings.Add(alive.Length == 0
            ? Finding.Attention("nodes", "none runs: nothing is sent until one is started with serve.")
            : Finding.Good("nodes", $"{alive.Length} run: {string.Join(", ", alive.Select(node => node.Name))}."));
        findings.AddRange(nodes.Except(alive).Where(node => node.Silence < TimeSpan.FromHours(1)).Select(node =>
            Finding.Attention("nodes", $"{node.Name} was last seen {node.Silence.TotalSeconds:0} s ago: it was killed, or cannot reach the database.")));
        findings.AddRange(alive.Where(node => node.Skew.Duration() > ClockWatch.WarnAbove).Select(node => Of("clock", node.Name, node.Skew)));
        if (alive.Select(node => node.Version).Distinct().Count() > 1)
            findings.Add(Finding.Attention("nodes", $"run different builds: {string.Join(", ", alive.Select(node => $"{node.Name} {node.Version}"))}."));
        return findings;
    }

    private static Finding Of(string about, string whose, TimeSpan skew) => skew.Duration() switch
    {
        var off when off > ClockWatch.HaltAbove => Finding.Bad(about, $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's: it does not fire. Set it by NTP."),
        var off when off > ClockWatch.WarnAbove => Finding.Attention(about, $"of {whose} is {skew.TotalSeconds:+0.0;-0.0} s off the database's: set it by NTP."),
        _ => Finding.Good(about, $"of {whose} agrees with the database's."),
    };
}
