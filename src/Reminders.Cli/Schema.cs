using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Storage;

namespace Reminders.Cli;

/// <summary>The migrator, without the rest of the engine.</summary>
internal static class Schema
{
    public static async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionString", connectionString)]).Build();
        await using var services = Open(configuration);
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
    }

    public static ServiceProvider Open(IConfiguration configuration)
    {
        var storage = new ServiceCollection().AddLogging();
        storage.AddRemindersStorage(configuration);
        return storage.BuildServiceProvider();
    }
}
