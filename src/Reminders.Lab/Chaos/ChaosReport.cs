using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Reminders.Lab.Chaos;

/// <summary>Shows a result: a table and every finding by name to a person, one line of JSON to a machine.</summary>
internal static class ChaosReport
{
    public static void Write(IAnsiConsole console, ChaosResult result)
    {
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumn($"chaos, {Minutes(result)} min, seed {result.Settings.Seed}")
            .AddColumn(new TableColumn("").RightAligned());
        void Row(string what, string value) => table.AddRow(Markup.Escape(what), Markup.Escape(value));
        Row("bookings", $"{result.Bookings}");
        Row("occurrences that were due", $"{result.Verdict.Occurrences}");
        Row("messages delivered", $"{result.Verdict.Delivered}");
        Row("told twice", $"{result.Verdict.Twice.Count}");
        Row("lost", $"{result.Verdict.Lost.Count}");
        Row("stuck", $"{result.Verdict.Stuck.Count}");
        Row("sent although known to be changed", $"{result.Verdict.Stale.Count}");
        Row("in doubt", $"{result.Verdict.Doubts}");
        foreach (var (cause, count) in result.Verdict.DoubtsByCause.OrderByDescending(doubts => doubts.Value))
        {
            Row($"  by {cause}", $"{count}");
        }

        Row("in doubt without a cause", $"{result.Verdict.Unexplained.Count}");
        Row("arrived after their node had lost them", $"{result.Verdict.Late.Count}");
        if (result.Settings.Beside is { } beside)
        {
            Row("starts of a node of the earlier build", $"{result.Starts[beside]}");
            Row("starts of a node of this build", $"{result.Starts.Values.Sum() - result.Starts[beside]}");
        }

        Row("nodes that ended by themselves", $"{result.Crashes.Count}");
        Row("faults", string.Join(", ", result.Faults.Where(fault => fault.Value > 0).Select(fault => $"{fault.Value} {fault.Key}")));
        Row("commands repeated after an outage", $"{result.Retries}");
        Row("nothing moved any more after", string.Create(CultureInfo.InvariantCulture, $"{result.Settled.TotalSeconds:0.0} s"));
        Row("SIGKILL → the last it had claimed is sent", Spread(result.AfterKills));
        Row("PostgreSQL back (fast) → next message", Spread(result.AfterFast));
        Row("PostgreSQL back (immediate) → next message", Spread(result.AfterImmediate));
        console.Write(table);
        foreach (var (what, name) in result.Verdict.Findings.Concat(result.Crashes.Select(crash => ("crashed", crash))).Take(200))
        {
            console.WriteLine($"{what}: {name}");
        }
    }

    /// <summary>The last line of <c>--json</c>.</summary>
    public static string Json(ChaosResult result) =>
        JsonSerializer.Serialize(
            new
            {
                ok = result.Ok,
                seed = result.Settings.Seed,
                minutes = result.Settings.Duration.TotalMinutes,
                occurrences = result.Verdict.Occurrences,
                delivered = result.Verdict.Delivered,
                twice = result.Verdict.Twice.Count,
                lost = result.Verdict.Lost.Count,
                stuck = result.Verdict.Stuck.Count,
                stale = result.Verdict.Stale.Count,
                doubts = result.Verdict.Doubts,
                causes = result.Verdict.DoubtsByCause,
                unexplained = result.Verdict.Unexplained.Count,
                late = result.Verdict.Late.Count,
                crashed = result.Crashes.Count,
                starts = result.Starts.Values,
                faults = result.Faults,
            }
        );

    private static string Minutes(ChaosResult result) =>
        result.Settings.Duration.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Spread(IReadOnlyList<double> seconds) =>
        seconds.Count == 0
            ? "-"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"median {seconds.Order().ElementAt(seconds.Count / 2):0.0} s, worst {seconds.Max():0.0} s of {seconds.Count}"
            );
}
