using System.Diagnostics;
using System.Net;
using Reminders.Nodes;
using Reminders.Web.Console;

namespace Reminders.Integration.Tests.Consoles;

/// <summary>Whoever may not look any more is out of an open stream, also of one that is told of changes all the time.</summary>
public sealed class ShutOutOfAStream(ConsoleNodes nodes) : IClassFixture<ConsoleNodes>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_with_news_without_end_is_over_when_its_account_is_shut()
    {
        using var olga = await nodes.SignInAsync(ConsoleRole.Operator, "olga-told");
        using var live = await olga.SendOnlyAsync(olga.Packed("/console/live"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var telling = TellAsync(enough.Token);
        using var lines = new StreamReader(await live.Content.ReadAsStreamAsync(Stop));
        await HearAsync(lines, "changed");
        await nodes.First.ScalarAsync<long>(
            "WITH shut AS (UPDATE reminders.account SET disabled_at = now() WHERE login = 'olga-told' RETURNING 1) SELECT count(*) FROM shut"
        );
        await HearAsync(lines, "over");
        await enough.CancelAsync();
        await telling;
    }

    /// <summary>Says without end that something has changed, much sooner than a stream's heartbeat.</summary>
    private async Task TellAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await using var tell = nodes.First.Database.CreateCommand($"SELECT pg_notify('{Signals.ConsoleChannel}', ''), pg_sleep(0.05)");
            await tell.ExecuteNonQueryAsync(Stop);
        }
    }

    private static async Task HearAsync(StreamReader lines, string said)
    {
        var patience = Stopwatch.StartNew();
        while (await lines.ReadLineAsync(Stop) is { } line)
        {
            if (line == $"event: {said}")
            {
                return;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"It never said {said}.");
        }

        Assert.Fail($"It ended before it said {said}.");
    }
}
