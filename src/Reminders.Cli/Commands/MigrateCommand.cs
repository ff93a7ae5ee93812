using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Cli.Commands;

/// <summary>Brings the database to this build's schema, for places where nodes may not.</summary>
internal static class MigrateCommand
{
    private static readonly Option<string?> PrintGrants = new("--print-grants")
    {
        Description = "Only print what the schemas' owner has to grant a role that runs nodes and migrates nothing.",
        HelpName = "role",
    };

    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database's schema up to date. Safe to run at any time, from anywhere.")
        {
            PrintGrants,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var services = Schema.Open(ProgramSettings.Load());
                if (parsed.GetValue(PrintGrants) is { Length: > 0 } role)
                {
                    await Console.Out.WriteLineAsync(Grants.For(role, services.GetRequiredService<SchemaNames>()));
                    return 0;
                }
                await services.GetRequiredService<PoolingCheck>().RunAsync(cancellationToken);
                var migrator = services.GetRequiredService<Migrator>();
                var standing = await migrator.StandingAsync(cancellationToken);
                await migrator.MigrateAsync(cancellationToken);
                await Console.Out.WriteLineAsync(
                    standing.Missing.Count == 0 ? Printing.Say("cli.no_scripts") : Printing.Say("cli.scripts", standing.Missing.Count)
                );
                var wrong = (await services.GetRequiredService<SchemaCheck>().LookAsync(cancellationToken))
                    .Where(one => standing.Newer.Count > 0 ? one.IsLost : one.Weight > Weight.Foreign)
                    .ToArray();
                foreach (var one in wrong)
                {
                    await Console.Error.WriteLineAsync($"{Engine.Words.Of(one.Said)}.");
                }

                await (
                    wrong.Length == 0
                        ? Console.Out.WriteLineAsync(Printing.Say("cli.schema_good"))
                        : Console.Error.WriteLineAsync(Printing.Say("cli.schema_lacks"))
                );
                return wrong.Length == 0 ? 0 : 1;
            }
        );
        return command;
    }
}
