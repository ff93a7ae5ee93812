using System.Data;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// Brings a database to the schema this build needs: the engine's numbered scripts, each once and in order, then
/// Quartz's tables and the operators' views, which are idempotent and simply run. Any number of nodes may start at
/// once: an advisory lock lets one work while the others wait, and they then find nothing to do.
/// </summary>
internal sealed partial class Migrator(Database dataSource, ILogger<Migrator> logger)
{
    // An arbitrary constant of ours; advisory locks are per database, and nothing else here takes one.
    private const long MigrationLock = 0x52656D696E646572;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await RunAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await RunAsync(connection, """
                CREATE SCHEMA IF NOT EXISTS reminders;
                CREATE TABLE IF NOT EXISTS reminders.migration (
                    number      integer PRIMARY KEY,
                    name        text NOT NULL,
                    applied_at  timestamptz NOT NULL DEFAULT now());
                """, cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            foreach (var (number, name, sql) in EngineScripts().Where(script => !applied.Contains(script.Number)))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await RunAsync(connection, sql, cancellationToken);
                await using var mark = dataSource.CreateCommand(
                    "INSERT INTO reminders.migration (number, name) VALUES ($1, $2)", connection);
                mark.Parameters.Add(new() { Value = number });
                mark.Parameters.Add(new() { Value = name });
                await mark.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                LogApplied(name);
            }
            foreach (var script in (string[])["quartz/tables.sql", "quartz/views.sql", "quartz/engine-views.sql"])
                await RunAsync(connection, ReadScript(script), cancellationToken);
        }
        finally
        {
            // The lock is the session's: it must not go back into the pool with the connection. A session that broke has let
            // go of it, and asking it would hide why it broke.
            if (connection.State == ConnectionState.Open)
                await RunAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    /// <summary>The numbers of the scripts this build knows and the database lacks.</summary>
    public async Task<IReadOnlyList<int>> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var exists = dataSource.CreateCommand("SELECT to_regclass('reminders.migration') IS NOT NULL", connection);
        var known = EngineScripts().Select(script => script.Number);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            return [.. known];
        var applied = await AppliedAsync(connection, cancellationToken);
        return [.. known.Where(number => !applied.Contains(number))];
    }

    private async Task<HashSet<int>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT number FROM reminders.migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new HashSet<int>();
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetInt32(0));
        return applied;
    }

    private static IEnumerable<(int Number, string Name, string Sql)> EngineScripts() =>
        from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where resource.StartsWith("engine/", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(resource)
        let number = int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture)
        orderby number
        select (number, name, ReadScript(resource));

    private static string ReadScript(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script '{resource}' is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);
}
