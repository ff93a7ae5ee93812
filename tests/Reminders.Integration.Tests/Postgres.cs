using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Storage;
using Reminders.TestPostgres;

[assembly: AssemblyFixture(typeof(Reminders.Integration.Tests.Postgres))]

namespace Reminders.Integration.Tests;

/// <summary>The assembly's server; each test's database is a copy of one that the engine's own migrator made.</summary>
public sealed class Postgres() : PostgresFixture(MigrateAsync)
{
    private static async Task MigrateAsync(string connectionString)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRemindersStorage(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("ConnectionString", connectionString), new("NodeName", "template")])
                .Build()
        );
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
    }
}
