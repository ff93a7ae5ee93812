using System.Collections.Concurrent;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Nodes;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Integration.Tests.Crashes;

/// <summary>A node in a process of its own, on a server of its own that is taken away from it.</summary>
public sealed class QuietOutage
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>4,408 lines and 514 KB in 40 s, from a node with nothing to do. Quartz's stacks were most of it.</summary>
    [Fact]
    public async Task An_idle_node_without_its_database_says_so_when_it_begins_and_when_it_is_over()
    {
        var folder = Directory.CreateTempSubdirectory("reminders-outage-");
        await using var postgres = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(folder.FullName, "pg"),
                Temporary = true,
                Durable = false,
            }
        );
        await using var telegram = await TelegramSimulator.StartAsync(new() { EnforceLimits = false, AutoCreateChats = true });
        var lines = new ConcurrentQueue<string>();
        await using (
            var node = await NodeProcess.StartAsync(
                "quiet",
                new Dictionary<string, string>
                {
                    ["ConnectionString"] = postgres.ConnectionString,
                    ["Telegram__BotToken"] = telegram.Token,
                    ["Telegram__ApiBaseUrl"] = telegram.BaseAddress.ToString(),
                },
                TestContext.Current.CancellationToken,
                output: lines.Enqueue
            )
        )
        {
            // Until every loop has turned, and what is said once at the start is said.
            await Eventually.TrueAsync(
                () => Task.FromResult(lines.Any(line => line.Contains("asks Telegram for updates", StringComparison.Ordinal))),
                Patience,
                "it polls"
            );

            var before = lines.Count;
            await postgres.StopAsync(ShutdownMode.Immediate);
            var began = TimeProvider.System.GetTimestamp();
            await Eventually.TrueAsync(
                () => Task.FromResult(TimeProvider.System.GetElapsedTime(began) > Outage),
                Patience,
                "the outage lasts"
            );
            var during = lines.Skip(before).ToArray();
            await postgres.StartAgainAsync();
            await Eventually.TrueAsync(
                () => Task.FromResult(lines.Any(line => line.Contains("The database works again", StringComparison.Ordinal))),
                Patience,
                "it is over",
                () => Task.FromResult(string.Join('\n', lines.TakeLast(40)))
            );
            var all = lines.Skip(before).ToArray();
            // Two lines for each of the two that are counted below; Quartz may notice first, once for each of its loops, in three.
            Assert.True(all.Length <= 10, string.Join('\n', all.Take(100)));
            Assert.Single(during, line => line.Contains("The database fails", StringComparison.Ordinal));
            Assert.Single(all, line => line.Contains("The database works again", StringComparison.Ordinal));
        }
        folder.Delete(recursive: true);
    }
}
