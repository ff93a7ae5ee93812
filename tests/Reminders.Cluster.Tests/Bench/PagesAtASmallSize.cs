using Reminders.Lab.Bench;

namespace Reminders.Cluster.Tests.Bench;

/// <summary>
/// The bench of pages whole, at a size that is filled in a second: it signs in, asks for every page of its list and adds up what came. How
/// fast that was is for the bench to say, on a machine of its own.
/// </summary>
public sealed class PagesAtASmallSize
{
    private const string Filled = """
        SELECT ARRAY[(SELECT count(*) FROM reminders.subject WHERE type = 'booking'),
                     (SELECT count(*) FROM reminders.outbox WHERE state = 'sent'),
                     (SELECT count(*) FROM reminders.outbox WHERE state = 'dead'),
                     (SELECT count(*) FROM reminders.outbox WHERE state = 'uncertain')]
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_fills_signs_in_and_every_page_of_its_list_comes_with_its_figures()
    {
        await using var cluster = await BenchCluster.StartAsync(1, Stop);
        var result = await new PagesBench(cluster, new(Scale: 0.0005, Rounds: 2), TimeProvider.System).RunAsync(Stop);

        Assert.Empty(result.Refused);
        Assert.Empty(result.TooBig);
        var subjects = new PageSubjects("", "", 0, 0, 0, 0, "", "");
        var day = new DateOnly(2027, 3, 1);
        var lists = PageList.Console(subjects, day).Concat(PageList.Recruiter(day)).Concat(PageList.Api(subjects));
        Assert.Equal(lists.Count(), result.Pages.Count);
        foreach (var page in result.Pages)
        {
            // Of a name that only one person has, it leads on to that person's page.
            if (page.Path.Contains("/find?q=", StringComparison.Ordinal) && page.Status == 303)
            {
                continue;
            }

            Assert.Equal((page.Path, 200), (page.Path, page.Status));
            Assert.True(page is { Bytes: > 0, Gzip: > 0, P50Ms: > 0 } && page.WorstMs >= page.P50Ms, $"{page}");
        }

        // Whoever is not signed in gets one page for all.
        var console = result.Pages.Where(page => page.As == "administrator" && page.Status == 200);
        Assert.True(console.Select(page => page.Bytes).Distinct().Count() > 20, "Every page was as long as the other.");

        // The sizes it tells are the database's, which is what it was measured at.
        await using var read = cluster.Database.CreateCommand(Filled);
        var sizes = result.Sizes;
        Assert.Equal([sizes.Bookings, sizes.Sent, sizes.Dead, sizes.InDoubt], (long[])(await read.ExecuteScalarAsync(Stop))!);
        Assert.True(result is { FilledInS: >= 0, MegabytesOfDatabase: > 1 });
    }
}
