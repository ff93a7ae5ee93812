using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>The PostgreSQL of a bench that brings its own: with its default settings, durable, and gone afterwards.</summary>
internal static class BenchServer
{
    public static Task<LocalPostgres> StartAsync(CancellationToken cancellationToken) =>
        LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-bench-{Guid.NewGuid():N}"[..24]), Temporary = true },
            cancellationToken
        );
}
