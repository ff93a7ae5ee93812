using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Storage;

namespace Reminders.Cli.Commands;

/// <summary>Brings the database to this build's schema, for places where nodes may not.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database's schema up to date. Safe to run at any time, from anywhere.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var services = Schema.Open(Settings.Load());
            var migrator = services.GetRequiredService<Migrator>();
            var missing = await migrator.MissingAsync(cancellationToken);
            await migrator.MigrateAsync(cancellationToken);
            await Console.Out.WriteLineAsync(missing.Count == 0 ? "The schema was up to date." : $"Applied {missing.Count} scripts.");
            return 0;
        });
        return command;
    }
}
