using System.Diagnostics;
using Npgsql;

namespace Reminders.Testing.Postgres;

/// <summary>Creates databases on a server that has just been started.</summary>
internal static class Databases
{
    /// <summary>
    /// Waits out a crash recovery, and proves that the server is the one our password opens. False: it went away instead.
    /// </summary>
    public static async Task<bool> AnswersAsync(string maintenance, Func<bool> isAlive, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync(maintenance, ct);
                return true;
            }
            // 57P03: starting up. A refused connection: the listener is not there yet, or any more.
            catch (NpgsqlException e)
                when ((e.SqlState == PostgresErrorCodes.CannotConnectNow || e is not PostgresException)
                    && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60)
                )
            {
                if (!isAlive())
                {
                    return false;
                }

                await Task.Delay(50, ct);
            }
            catch (NpgsqlException e)
            {
                throw new LocalPostgresException($"PostgreSQL runs, but cannot be used: {e.Message}", e);
            }
        }
    }

    /// <summary>An existing database is left as it is.</summary>
    public static async Task CreateAsync(string maintenance, string name, string? template, CancellationToken ct = default)
    {
        // Its files are copied; by default each of their pages would go through the log too.
        var from = template is null ? "" : $" TEMPLATE {Quote(template)} STRATEGY file_copy";
        await using var connection = await OpenAsync(maintenance, ct);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if (await exists.ExecuteScalarAsync(ct) is not null)
        {
            return;
        }

        await using var create = new NpgsqlCommand($"CREATE DATABASE {Quote(name)}{from}", connection);
        try
        {
            await create.ExecuteNonQueryAsync(ct);
        }
        // 42P04, or 23505 on pg_database when two create it in the same instant.
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation) { }
    }

    public static async Task DropAsync(string maintenance, string name)
    {
        await using var connection = await OpenAsync(maintenance, default);
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {Quote(name)} WITH (FORCE)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string maintenance, CancellationToken ct)
    {
        // Not pooled: a pooled connection left idle would meet the server's next restart.
        var connection = new NpgsqlConnection($"{maintenance};Pooling=false");
        await connection.OpenAsync(ct);
        return connection;
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
