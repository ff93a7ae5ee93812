using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Testing.Clock;

namespace Reminders.Testing.Stage;

/// <summary>
/// A database with the clock and the engine's schema in it, made once for each build and each pair of schema names, that every
/// test's own is copied from. Processes on one server share it.
/// </summary>
internal static class TemplateDatabase
{
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static readonly HashSet<string> Made = [];

    /// <param name="maintenance">To the server's database <c>postgres</c>.</param>
    /// <returns>Its name.</returns>
    public static async Task<string> EnsureAsync(string maintenance, SchemaNames names, CancellationToken cancellationToken)
    {
        var name = NameFor(names);
        await Making.WaitAsync(cancellationToken);
        try
        {
            if (!Made.Contains(name))
            {
                await MakeAsync(maintenance, name, names, cancellationToken);
                Made.Add(name);
            }

            return name;
        }
        finally
        {
            Making.Release();
        }
    }

    private static string NameFor(SchemaNames names)
    {
        // Another build may have another schema.
        var what = $"{typeof(Migrator).Module.ModuleVersionId}/{names.Engine}/{names.Quartz}/{ShiftedClock.Script()}";
        return "reminders_template_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..16];
    }

    private static async Task MakeAsync(string maintenance, string name, SchemaNames names, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{maintenance};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        // Held by the session: another process waits here, and then finds it made.
        await RunAsync(connection, $"SELECT pg_advisory_lock(hashtext('{name}'))", cancellationToken);
        await using var look = new NpgsqlCommand($"SELECT datistemplate FROM pg_database WHERE datname = '{name}'", connection);
        if (await look.ExecuteScalarAsync(cancellationToken) is true)
        {
            return;
        }

        // Without the mark it was left half made.
        await RunAsync(connection, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellationToken);
        await RunAsync(connection, $"CREATE DATABASE {name}", cancellationToken);
        await RunAsync(connection, $"ALTER DATABASE {name} SET search_path = {ShiftedClock.SearchPath}", cancellationToken);
        await FillAsync(new NpgsqlConnectionStringBuilder(maintenance) { Database = name, Pooling = false }, names, cancellationToken);
        // CREATE DATABASE refuses a template somebody is connected to.
        await RunAsync(
            connection,
            $"""
            ALTER DATABASE {name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false;
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}';
            """,
            cancellationToken
        );
    }

    private static async Task FillAsync(NpgsqlConnectionStringBuilder to, SchemaNames names, CancellationToken cancellationToken)
    {
        await using (var connection = new NpgsqlConnection(to.ConnectionString))
        {
            await connection.OpenAsync(cancellationToken);
            await RunAsync(connection, ShiftedClock.Script(), cancellationToken);
        }

        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("ConnectionString", to.ConnectionString),
                    new("NodeName", "template"),
                    new("Schema", names.Engine),
                    new("QuartzSchema", names.Quartz),
                ])
                .Build()
        );
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
