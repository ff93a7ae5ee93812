using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// Lets one node migrate while the others wait. The lock is a transaction's: a session's would stay behind on the server
/// when a pooler in transaction mode gives the session to the next client, and every later start would wait for it.
/// </summary>
internal sealed partial class MigrationLock(Database database, TimeProvider time, ILogger<MigrationLock> logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    // Earlier builds take this one as a session's lock: the two must exclude each other while a cluster is renewed.
    private const long DefaultKey = 0x52656D696E646572;

    /// <summary>A transaction that holds the lock until it ends; with it, none of a role's limits on how long work may take.</summary>
    public async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            // A server that does not look would finish a killed node's work, and keep the lock, for as long as it takes; only
            // some systems can look.
            await using (
                var unbound = database.CreateCommand(
                    """
                    SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '10s', true),
                           CASE WHEN version() LIKE '%linux%' THEN set_config('client_connection_check_interval', '2s', true) END
                    """,
                    connection
                )
            )
            {
                await unbound.ExecuteNonQueryAsync(cancellationToken);
            }

            var said = time.GetTimestamp();
            while (!await TryAsync(connection, cancellationToken))
            {
                if (time.GetElapsedTime(said) > SayEvery)
                {
                    said = time.GetTimestamp();
                    await SayWhoAsync(connection, cancellationToken);
                }
                await Task.Delay(Poll, time, cancellationToken);
            }
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = database.CreateCommand($"SELECT pg_try_advisory_xact_lock({Key})", connection).With(database.Names.Engine);
        return await take.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static readonly string Key =
        $"CASE $1 WHEN '{SchemaNames.DefaultEngine}' THEN {DefaultKey} ELSE hashtextextended('reminders migration of ' || $1, 0) END";

    // A build before this one may have left the lock with a session that a pooler goes on using.
    private async Task SayWhoAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = database
            .CreateCommand(
                $"""
                SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.state, 'unknown'), clock_timestamp() - a.state_change
                FROM pg_locks l JOIN pg_stat_activity a USING (pid), (SELECT {Key} AS key) k
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND (l.classid::bigint << 32) | l.objid::bigint = k.key
                """,
                connection
            )
            .With(database.Names.Engine);
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return;
        }

        var (pid, application, state) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
        if (state == "idle" && !reader.IsDBNull(3) && reader.GetTimeSpan(3) > SayEvery)
        {
            throw new SettingsException([
                $"ConnectionString: the migration lock was left behind by an earlier build, with the server's session {pid} "
                    + $"({application}), which does nothing. Free it with: SELECT pg_terminate_backend({pid});",
            ]);
        }

        LogWaiting(pid, application, state);
    }

    [LoggerMessage(
        1090,
        LogLevel.Warning,
        "Waiting for another migration to end: the server's session {Pid} ({Application}, {State}) holds the lock"
    )]
    private partial void LogWaiting(int pid, string application, string state);
}
