using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Cli.Doctor;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Cli.Commands;

/// <summary>Is everything here that should be, and does it agree?</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Look whether everything is there and agrees. Exit code 1 when something is broken.");
        command.SetAction(async (_, cancellationToken) =>
        {
            var findings = await LookAsync(cancellationToken);
            foreach (var finding in findings)
                await Console.Out.WriteLineAsync($"{Mark(finding.Health)} {finding.About,-11} {finding.Says}");
            return findings.Any(finding => finding.Health == Health.Bad) ? 1 : 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var configuration = Settings.Load();
        await using var services = Schema.Open(configuration);
        await services.GetRequiredService<PoolingCheck>().RunAsync(cancellationToken);
        var database = services.GetRequiredService<Database>();
        var schema = await ClusterChecks.SchemaAsync(services.GetRequiredService<Migrator>(), cancellationToken);
        // What follows asks tables that are not there.
        if (schema.Health == Health.Bad)
            return [schema];
        return
        [
            schema,
            await ClusterChecks.ClockAsync(database, TimeProvider.System, cancellationToken),
            .. await ClusterChecks.NodesAsync(database, cancellationToken),
            await LedgerChecks.OverdueAsync(database, cancellationToken),
            await LedgerChecks.TriggersAsync(database, cancellationToken),
            await LedgerChecks.DuplicatesAsync(database, cancellationToken),
            .. await LedgerChecks.WaitingForPeopleAsync(database, cancellationToken),
            await LedgerChecks.ZonesAsync(database, cancellationToken),
            .. await LedgerChecks.ChannelsAsync(database, cancellationToken),
            await LedgerChecks.KindsAsync(database, Kinds(configuration), cancellationToken),
        ];
    }

    private static KindCatalog Kinds(Microsoft.Extensions.Configuration.IConfiguration configuration)
    {
        try
        {
            return KindCatalog.Read(configuration);
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(exception.Message.Split('\n'));
        }
    }

    private static string Mark(Health health) => health switch
    {
        Health.Good => "✓",
        Health.Attention => "!",
        _ => "✗",
    };
}
