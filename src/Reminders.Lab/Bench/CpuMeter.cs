using System.Diagnostics;
using System.Globalization;

namespace Reminders.Lab.Bench;

/// <summary>CPU seconds by part: on a shared machine they say more than the clock does. Linux only; zero elsewhere.</summary>
internal sealed class CpuMeter(IReadOnlyList<int> nodes, string postgresFolder)
{
    // USER_HZ, which Linux has fixed at 100 for everything it shows in /proc.
    private const double TicksPerSecond = 100;

    private (double Nodes, double Postgres, double Here) _start;

    public void Start() => _start = Read();

    /// <summary>Milliseconds per 1,000 of <paramref name="messages"/> since <see cref="Start"/>.</summary>
    public CpuPerThousand Stop(long messages)
    {
        var now = Read();
        double PerThousand(double seconds) => Math.Round(seconds * 1000 / Math.Max(messages, 1) * 1000, 1);
        return new(PerThousand(now.Nodes - _start.Nodes), PerThousand(now.Postgres - _start.Postgres), PerThousand(now.Here - _start.Here));
    }

    private (double Nodes, double Postgres, double Here) Read()
    {
        var postmaster = File.Exists(Path.Combine(postgresFolder, "data", "postmaster.pid"))
            ? int.Parse(File.ReadLines(Path.Combine(postgresFolder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture)
            : -1;
        double nodeSeconds = 0,
            postgresSeconds = 0;
        foreach (var stat in Processes())
        {
            if (nodes.Contains(stat.Id))
            {
                nodeSeconds += stat.Seconds;
            }
            else if (stat.Parent == postmaster)
            {
                postgresSeconds += stat.Seconds;
            }
            else if (stat.Id == postmaster)
            {
                // A session or a worker that ends leaves there what it has used.
                postgresSeconds += stat.Seconds + stat.OfEnded;
            }
        }
        return (nodeSeconds, postgresSeconds, Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);
    }

    private static double Seconds(string[] fields, int user) =>
        (long.Parse(fields[user], CultureInfo.InvariantCulture) + long.Parse(fields[user + 1], CultureInfo.InvariantCulture))
        / TicksPerSecond;

    private static IEnumerable<(int Id, int Parent, double Seconds, double OfEnded)> Processes()
    {
        if (!Directory.Exists("/proc"))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id))
            {
                continue;
            }

            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                continue; // it ended meanwhile
            }
            // After the name in parentheses, which may hold spaces: state, ppid, …, utime (12th), stime, and both of children that ended.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            yield return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), Seconds(fields, 11), Seconds(fields, 13));
        }
    }
}

/// <summary>CPU milliseconds per 1,000 messages, from the due instant on: firing, dispatch and settling.</summary>
/// <param name="Here">The harness, and the simulator where it runs in it.</param>
internal sealed record CpuPerThousand(double Nodes, double Postgres, double Here);
