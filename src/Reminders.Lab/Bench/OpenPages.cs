using System.Net.ServerSentEvents;
using Reminders.Web.Console;

namespace Reminders.Lab.Bench;

/// <summary>
/// Pages of the console that are left open, each with a stream of its own: it asks for itself again whenever it is told that something has
/// changed, as the script of a page does.
/// </summary>
internal sealed class OpenPages(BenchCluster cluster, TimeProvider time)
{
    private static readonly string[] Paths =
    [
        "/overview",
        "/outbox",
        "/outbox?state=dead",
        "/outbox?state=sent",
        "/cluster",
        "/quartz",
        "/suppressed",
        "/day",
        "/day?view=week",
        "/day?view=needs",
    ];

    private long _read;

    /// <summary>How often one of them was read.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Returns when it is over.</summary>
    public async Task LookAsync(int count, CancellationToken over)
    {
        using var somebody = await PageVisitor.JoinAsync(cluster, ConsoleRole.Administrator, recruiter: null, time, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => FollowAsync(somebody, $"/console{Paths[n % Paths.Length]}", over)));
    }

    private async Task FollowAsync(PageVisitor visitor, string path, CancellationToken over)
    {
        try
        {
            await using var stream = await visitor.StreamAsync("/console/live", over);
            await foreach (var told in SseParser.Create(stream).EnumerateAsync(over))
            {
                if (told.EventType is "hello" or "changed")
                {
                    await visitor.GetAsync(path, over, isPart: true);
                    Interlocked.Increment(ref _read);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The page is closed.
        }
    }
}
