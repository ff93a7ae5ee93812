using System.CommandLine;
using Reminders.Cli;
using Reminders.Lab.Bench;

namespace Reminders.Lab.Commands;

/// <summary>Measures what people look at.</summary>
internal static class PagesBenchCommand
{
    private static readonly Option<double> Scale = new("--scale")
    {
        Description = "Of a million planned, five million sent, 100,000 dead, 20,000 in doubt and three million bookings.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How often each page is asked for.",
        DefaultValueFactory = _ => 20,
    };
    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "Where the database stays: the next run measures that one. Default: it is gone afterwards.",
    };

    public static Command Create()
    {
        var pages = new Command("pages", "Every page of the console and every list of the API, in a database as big as is promised for.")
        {
            Scale,
            Rounds,
            Folder,
        };
        pages.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var cluster = await BenchCluster.StartAsync(1, cancellationToken, folder: parsed.GetValue(Folder));
                var settings = new PagesSettings(parsed.GetValue(Scale), parsed.GetValue(Rounds));
                var result = await new PagesBench(cluster, settings, TimeProvider.System).RunAsync(cancellationToken);
                await Printing.ShowFiguresAsync(result);
                return result.IsKept ? 0 : 1;
            }
        );
        return pages;
    }
}
