using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Cli.Doctor;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Cli.Commands;

/// <summary>Is everything here that should be, and does it agree?</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Duplicates = new("--duplicates")
    {
        Description = "Also look at every message whether somebody was told the same twice. Reads the whole outbox.",
    };

    private static readonly Option<bool> Sql = new("--sql")
    {
        Description = "Print only the statements that bring back what the schema lacks; read them, then give them to psql.",
    };

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            """
            Look whether everything is there and agrees. Exit code 0 when nothing is broken, though something may want a look (!);
            1 when something is (✗): no node runs, a channel is broken, the schema is not this build's.
            """
        )
        {
            Duplicates,
            Sql,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(Sql))
                {
                    return await PrintSqlAsync(cancellationToken);
                }

                var findings = await LookAsync(parsed.GetValue(Duplicates), cancellationToken);
                foreach (var finding in findings)
                {
                    await Console.Out.WriteLineAsync(
                        $"{Mark(finding.Health)} {finding.About.PadRight(11)} {Printing.OneLine(finding.Says)}"
                    );
                }

                return findings.Any(finding => finding.Health == Health.Bad) ? 1 : 0;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(bool duplicates, CancellationToken cancellationToken)
    {
        var configuration = ProgramSettings.Load();
        await using var services = Schema.Open(configuration);
        await services.GetRequiredService<PoolingCheck>().RunAsync(cancellationToken);
        var database = services.GetRequiredService<Database>();
        var (usable, schema) = await SchemaChecks.LookAsync(
            services.GetRequiredService<Migrator>(),
            services.GetRequiredService<SchemaCheck>(),
            cancellationToken
        );
        // What follows asks tables that are not there.
        if (!usable)
        {
            return schema;
        }

        return
        [
            .. schema,
            await ServerChecks.SettingsAsync(database, cancellationToken),
            await ClusterChecks.ClockAsync(database, TimeProvider.System, cancellationToken),
            .. await ClusterChecks.NodesAsync(database, cancellationToken),
            await FailoverChecks.LookAsync(database, TimeProvider.System, cancellationToken),
            await LedgerChecks.OverdueAsync(database, cancellationToken),
            await LedgerChecks.TriggersAsync(database, cancellationToken),
            await DuplicateChecks.IndexesAsync(database, cancellationToken),
            .. duplicates ? await DuplicateChecks.ToldTwiceAsync(database, cancellationToken) : [],
            .. await LedgerChecks.WaitingForPeopleAsync(database, cancellationToken),
            .. await SourceChecks.LookAsync(database, cancellationToken),
            await LedgerChecks.ZonesAsync(database, cancellationToken),
            .. await LedgerChecks.ChannelsAsync(database, cancellationToken),
            await LedgerChecks.KindsAsync(database, Kinds(configuration), cancellationToken),
        ];
    }

    private static async Task<int> PrintSqlAsync(CancellationToken cancellationToken)
    {
        await using var services = Schema.Open(ProgramSettings.Load());
        await services.GetRequiredService<PoolingCheck>().RunAsync(cancellationToken);
        foreach (var one in await services.GetRequiredService<SchemaCheck>().LookAsync(cancellationToken))
        {
            if (one.Weight == Weight.Foreign)
            {
                continue;
            }

            await Console.Out.WriteLineAsync($"-- {one.Says}.");
            await Console.Out.WriteLineAsync(one.Mends ?? "-- By hand.");
        }
        return 0;
    }

    private static KindCatalog Kinds(Microsoft.Extensions.Configuration.IConfiguration configuration)
    {
        try
        {
            return KindCatalog.Read(configuration, AllChannels.Known);
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(exception.Message.Split('\n'));
        }
    }

    private static string Mark(Health health) =>
        health switch
        {
            Health.Good => "✓",
            Health.Attention => "!",
            _ => "✗",
        };
}
