using System.Diagnostics;
using Npgsql;
using Reminders.Lab.Nodes;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>
/// The floor: as many messages through a <see cref="PlainQueue"/>, which takes, sends, marks and commits, and knows of nothing else. One
/// worker, a process like a node; a PostgreSQL and a simulator as for the engine.
/// </summary>
internal static class PlainQueueBurst
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<FloorResult> RunAsync(int count, int inFlight, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-bench-{Guid.NewGuid():N}"[..24]), Temporary = true },
            cancellationToken
        );
        await using var telegram = await TelegramSimulator.StartAsync(
            new() { EnforceLimits = false, AutoCreateChats = true },
            cancellationToken: cancellationToken
        );
        var connectionString = await postgres.CreateDatabaseAsync("plain");
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new PlainQueue(database).FillAsync(count, cancellationToken);
        var start = Programs.Lab("bench", PlainQueueKill.Worker, "--in-flight", $"{inFlight}");
        start.Environment["ConnectionString"] = connectionString;
        start.Environment[PlainQueueKill.SendMessage] = $"{telegram.BaseAddress}bot{telegram.Token}/sendMessage";
        // Its compiler is not what is measured: the first quarter warms it up.
        var warm = count / 4;
        using var worker = Process.Start(start)!;
        try
        {
            await telegram.Record.WaitForAsync(seen => seen.MessageCount >= warm, Patience, cancellationToken);
            var cpu = new CpuMeter([worker.Id], postgres.Folder);
            cpu.Start();
            var (began, before) = (time.GetTimestamp(), telegram.Record.MessageCount);
            await telegram.Record.WaitForAsync(seen => seen.MessageCount >= count, Patience, cancellationToken);
            var (took, sent) = (time.GetElapsedTime(began), count - before);
            return new(Math.Round(sent / took.TotalSeconds), cpu.Stop(sent));
        }
        finally
        {
            worker.Kill();
        }
    }
}

/// <param name="MessagesPerSecond">Counted where they arrived.</param>
internal sealed record FloorResult(double MessagesPerSecond, CpuPerThousand CpuMsPerThousand);
