using Microsoft.Extensions.Hosting;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Hosting;

/// <summary>
/// Asks the database which schema it is that this installation has: one server has many names, and two connection strings may lead to one
/// place.
/// </summary>
internal sealed class OwnSchema(Database database, InstallationName installation, Installations? others = null) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (others is null)
        {
            return;
        }

        try
        {
            await using var ask = database.CreateCommand(
                """
                SELECT format('%s %s %s', extract(epoch FROM pg_postmaster_start_time()), d.oid, to_regnamespace('reminders')::oid)
                FROM pg_database d WHERE d.datname = current_database() AND to_regnamespace('reminders') IS NOT NULL
                """
            );
            if (await ask.ExecuteScalarAsync(cancellationToken) is string schema)
            {
                others.Take(
                    $"schema {schema}",
                    installation.Who,
                    $"Schema is '{database.Names.Engine}' in a database",
                    "the connection strings differ, and lead to one place. Each installation needs a schema of its own."
                );
            }
        }
        catch (Exception exception) when (Faults.IsOutage(exception))
        {
            // A node may start before its database.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
