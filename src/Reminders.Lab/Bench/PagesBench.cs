using Reminders.Web.Console;

namespace Reminders.Lab.Bench;

/// <param name="Scale">Of the sizes that are promised.</param>
/// <param name="Rounds">How often each page is asked for.</param>
internal sealed record PagesSettings(double Scale, int Rounds);

/// <param name="Gzip">Bytes as packed.</param>
internal sealed record PageFigure(string As, string Path, int Status, double P50Ms, double WorstMs, int Bytes, int Gzip);

/// <param name="FilledInS">Null where it was filled before.</param>
/// <param name="TooSlow">Above what is promised.</param>
/// <param name="TooBig">With the style, the script and the icon, packed.</param>
/// <param name="Refused">That answered no page.</param>
internal sealed record PagesResult(
    PagesSizes Sizes,
    double? FilledInS,
    double MegabytesOfDatabase,
    IReadOnlyList<string> TooSlow,
    IReadOnlyList<string> TooBig,
    IReadOnlyList<string> Refused,
    IReadOnlyList<PageFigure> Pages
)
{
    internal bool IsKept => TooSlow.Count + TooBig.Count + Refused.Count == 0;
}

/// <summary>Every page of the console and every list of the API over HTTP, at the sizes for which their speed is promised.</summary>
internal sealed class PagesBench(BenchCluster cluster, PagesSettings settings, TimeProvider time)
{
    private const string Untriggered =
        "SELECT (SELECT count(*) FROM reminders.instant WHERE due_second > now()) - (SELECT count(*) FROM quartz.qrtz_triggers)";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const double MostMs = 300;
    private const double MostMsOfDoctor = 1000;
    private const int MostBytes = 40 * 1024;

    private readonly PagesSizes _sizes = PagesSizes.Whole.Times(settings.Scale);

    public async Task<PagesResult> RunAsync(CancellationToken cancellationToken)
    {
        // It has made the schema, and would meddle with what is half filled.
        await cluster.KillAsync(0);
        var began = time.GetTimestamp();
        var isNew = await new PagesFill(cluster.Database, _sizes).RunAsync(cancellationToken);
        double? filledIn = isNew ? Math.Round(time.GetElapsedTime(began).TotalSeconds) : null;
        await cluster.StartAgainAsync(0, cancellationToken);
        await TriggersAsync(cancellationToken);
        var one = await SubjectsAsync(cancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        using var olga = await PageVisitor.JoinAsync(cluster, ConsoleRole.Administrator, recruiter: null, time, cancellationToken);
        using var rita = await PageVisitor.JoinAsync(cluster, ConsoleRole.Recruiter, "recruiter-1", time, cancellationToken);
        using var app = new PageVisitor(cluster.Nodes[0].Address, time);
        app.UseKey(await cluster.CreateKeyAsync(cancellationToken));
        List<PageFigure> pages =
        [
            .. await MeasureAsync("administrator", olga, "/console", PageList.Console(one, today), cancellationToken),
            .. await MeasureAsync("recruiter", rita, "/console", PageList.Recruiter(today), cancellationToken),
            .. await MeasureAsync("operator", app, "/api", PageList.Api(one), cancellationToken),
        ];
        var assets = await AssetsAsync(olga, cancellationToken);
        return new(
            _sizes,
            filledIn,
            Math.Round(await ScalarAsync<long>("SELECT pg_database_size(current_database())", cancellationToken) / 1e6),
            Names(page => page.WorstMs > (page.Path.EndsWith("/doctor", StringComparison.Ordinal) ? MostMsOfDoctor : MostMs)),
            Names(page => page.As != "operator" && page.Gzip + assets > MostBytes),
            Names(page => page.Status is not (200 or 303)),
            [.. pages.OrderByDescending(page => page.WorstMs)]
        );

        List<string> Names(Func<PageFigure, bool> isSo) => [.. pages.Where(isSo).Select(page => $"{page.As} {page.Path}")];
    }

    private async Task<List<PageFigure>> MeasureAsync(
        string who,
        PageVisitor visitor,
        string prefix,
        IEnumerable<string> paths,
        CancellationToken cancellationToken
    )
    {
        var figures = new List<PageFigure>();
        foreach (var path in paths)
        {
            // The first one compiles the way there.
            var reply = await visitor.GetAsync(prefix + path, cancellationToken);
            var samples = new List<TimeSpan>();
            while (samples.Count < settings.Rounds)
            {
                reply = await visitor.GetAsync(prefix + path, cancellationToken);
                samples.Add(reply.Took);
            }

            var took = Latency.Of(samples);
            figures.Add(new(who, prefix + path, (int)reply.Status, took.P50Ms, took.MaxMs, reply.Bytes, reply.Gzip));
        }

        return figures;
    }

    private async Task<PageSubjects> SubjectsAsync(CancellationToken cancellationToken)
    {
        await using var find = cluster.Database.CreateCommand(LabStatement.Named("Bench/Sql/pages-subjects.sql"));
        find.CommandTimeout = 0;
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetInt64(2),
            reader.GetInt64(3),
            reader.GetInt64(4),
            reader.GetInt64(5),
            reader.GetString(6),
            reader.GetString(7)
        );
    }

    /// <summary>Returns when the node has put back the triggers of what was filled in, which is what it does first.</summary>
    private async Task TriggersAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (await ScalarAsync<long>(Untriggered, cancellationToken) > 0 && time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<int> AssetsAsync(PageVisitor visitor, CancellationToken cancellationToken)
    {
        var sum = 0;
        foreach (var path in await visitor.AssetsAsync(cancellationToken))
        {
            sum += (await visitor.GetAsync(path, cancellationToken)).Gzip;
        }

        return sum;
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = cluster.Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
