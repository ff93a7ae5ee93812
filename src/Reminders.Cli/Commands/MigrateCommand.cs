using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Storage;
using Reminders.Storage.Schema;

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
            var missing = (await migrator.StandingAsync(cancellationToken)).Missing;
            await migrator.MigrateAsync(cancellationToken);
            await Console.Out.WriteLineAsync(missing.Count == 0 ? "Every script was applied already." : $"Applied {missing.Count} scripts.");
            var wrong = (await services.GetRequiredService<SchemaCheck>().LookAsync(cancellationToken)).Where(one => one.Weight > Weight.Foreign).ToArray();
            foreach (var one in wrong)
                await Console.Error.WriteLineAsync($"{one.Says}.");
            await (wrong.Length == 0
                ? Console.Out.WriteLineAsync("The schema is up to date.")
                : Console.Error.WriteLineAsync("A script runs once, so migrate does not bring these back: doctor --sql prints the statements that do."));
            return wrong.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
