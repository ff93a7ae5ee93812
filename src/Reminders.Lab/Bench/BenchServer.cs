using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>The PostgreSQL of a bench that brings its own: durable, and gone afterwards.</summary>
internal static class BenchServer
{
    // As PostgreSQL ships: what most servers have. A private cluster is set otherwise.
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["shared_buffers"] = "128MB",
        ["max_wal_size"] = "1GB",
        ["checkpoint_timeout"] = "5min",
        ["wal_compression"] = "off",
        ["autovacuum_naptime"] = "1min",
    };

    private static readonly Dictionary<string, string> Tuned = new()
    {
        ["shared_buffers"] = "1GB",
        ["max_wal_size"] = "4GB",
        ["checkpoint_timeout"] = "15min",
        ["wal_compression"] = "on",
        ["autovacuum_naptime"] = "10s",
        ["random_page_cost"] = "1.1",
    };

    /// <param name="folder">Where it stays for another run. Default: nowhere.</param>
    public static async Task<LocalPostgres> StartAsync(
        CancellationToken cancellationToken,
        bool tuned = false,
        bool countsStatements = false,
        string? folder = null
    )
    {
        var server = await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = folder ?? Path.Combine(Path.GetTempPath(), $"reminders-bench-{Guid.NewGuid():N}"[..24]),
                Temporary = folder is null,
                Settings = tuned ? Tuned : Defaults,
            },
            cancellationToken
        );
        try
        {
            if (countsStatements)
            {
                await CountStatementsAsync(server, cancellationToken);
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // It has to be there when the server starts, and one that is told to load what is not installed does not start.
    private static async Task CountStatementsAsync(LocalPostgres server, CancellationToken cancellationToken)
    {
        await using (var database = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using var isInstalled = database.CreateCommand(
                "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements')"
            );
            if (await isInstalled.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return;
            }

            await using var load = database.CreateCommand("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
            await load.ExecuteNonQueryAsync(cancellationToken);
        }

        await server.StopAsync(ShutdownMode.Fast);
        await server.StartAgainAsync();
    }
}
