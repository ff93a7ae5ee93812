using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Schemas;

/// <summary>The migrator alone, under the names given.</summary>
internal static class Installation
{
    public static async Task MigrateAsync(string connectionString, string schema = "reminders", string quartz = "quartz")
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("ConnectionString", connectionString), new("Schema", schema), new("QuartzSchema", quartz)])
                .Build()
        );
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().MigrateAsync(TestContext.Current.CancellationToken);
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>A role with a password and nothing else, and the string by which it logs in.</summary>
    public static async Task<(string Role, string ConnectionString)> RoleAsync(string connectionString)
    {
        var role = "role_" + Guid.NewGuid().ToString("N")[..8];
        await ExecuteAsync(connectionString, $"CREATE ROLE {role} LOGIN PASSWORD 'secret'");
        return (role, new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = "secret" }.ConnectionString);
    }
}
