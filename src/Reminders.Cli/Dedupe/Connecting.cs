using Npgsql;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Cli.Dedupe;

/// <summary>The one session of a run.</summary>
internal static class Connecting
{
    public static async Task<NpgsqlConnection> OpenAsync(string? connectionString, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new SettingsException([
                "ConnectionString is missing: give --connection, or configure it (environment: ConnectionString).",
            ]);
        }

        var asked = new Connections("ConnectionString", connectionString, shared: false);
        if (await PoolingCheck.LookAsync(asked, cancellationToken) == Reminders.Settings.Pooling.Transaction)
        {
            throw new SettingsException([
                $"ConnectionString leads to {asked.Where}, where a pooler in transaction mode answers: a run keeps its lock "
                    + "and its list in one session. --connection should go past the pooler, or to a pool in session mode.",
            ]);
        }

        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                // It holds a session lock and a temporary table, and an index takes as long as it takes.
                Pooling = false,
                CommandTimeout = 0,
                ApplicationName = "reminders dedupe",
                // Which value stands in the way is the very thing to tell the operator.
                IncludeErrorDetail = true,
            }.ConnectionString
        );
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
