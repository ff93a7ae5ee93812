using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// Brings a database to the schema this build needs: the engine's numbered scripts, each once and in order, then
/// Quartz's tables and the operators' views, which are idempotent and simply run. Any number of nodes may start at
/// once: <see cref="MigrationLock"/> lets one work while the others wait, and they then find nothing to do.
/// </summary>
internal sealed partial class Migrator(Database dataSource, MigrationLock migrationLock, ILogger<Migrator> logger)
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenDirectAsync(cancellationToken);
        try
        {
            await InTransactionAsync(connection, PrepareAsync, cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            foreach (var (number, name, sql) in EngineScripts().Where(script => !applied.Contains(script.Number)))
                await InTransactionAsync(connection, (connection, cancellationToken) => ApplyAsync(connection, number, name, sql, cancellationToken), cancellationToken);
            await InTransactionAsync(connection, QuartzAsync, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SettingsException([
                $"ConnectionString names the role {connection.UserName}, which may not migrate ({exception.MessageText}): it should be the owner of the schemas {dataSource.Names.Engine} and {dataSource.Names.Quartz}. Where another role migrates, set MigrateAtStart to false and grant what ./dev migrate --print-grants {connection.UserName} prints."]);
        }
    }

    private async Task InTransactionAsync(
        NpgsqlConnection connection, Func<NpgsqlConnection, CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        await using var transaction = await migrationLock.BeginAsync(connection, cancellationToken);
        await step(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await SchemaOwnership.EnsureAsync(dataSource, connection, cancellationToken);
        await RunAsync(connection, """
            CREATE TABLE IF NOT EXISTS reminders.migration (
                number      integer PRIMARY KEY,
                name        text NOT NULL,
                applied_at  timestamptz NOT NULL DEFAULT now());
            """, cancellationToken);
    }

    private async Task ApplyAsync(NpgsqlConnection connection, int number, string name, string sql, CancellationToken cancellationToken)
    {
        // Under the lock: another node may have applied it since the last script.
        await using (var mark = dataSource.CreateCommand(
            "INSERT INTO reminders.migration (number, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection).With(number, name))
        {
            if (await mark.ExecuteNonQueryAsync(cancellationToken) == 0)
                return;
        }
        await RunAsync(connection, sql, cancellationToken);
        LogApplied(name);
    }

    private async Task QuartzAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var script in (string[])["quartz/tables.sql", "quartz/views.sql", "quartz/engine-views.sql"])
            await RunAsync(connection, ReadScript(script), cancellationToken);
    }

    /// <summary>The numbers of the scripts this build knows and the database lacks.</summary>
    public async Task<IReadOnlyList<int>> MissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenDirectAsync(cancellationToken);
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
        // An index on a large table takes as long as it takes.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);
}
