using System.Data;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Storage.Schema;

namespace Reminders.Storage;

/// <summary>
/// Brings a database to the schema this build needs: the engine's numbered scripts, each once and in order, then
/// Quartz's tables and the operators' views, which are idempotent and simply run. Any number of nodes may start at
/// once: an advisory lock lets one work while the others wait, and they then find nothing to do. A database that was made
/// with other scripts than this build's, or by a newer build that does not work beside this one, is refused in one line.
/// </summary>
internal sealed partial class Migrator(NpgsqlDataSource dataSource, ILogger<Migrator> logger)
{
    // An arbitrary constant of ours; advisory locks are per database, and nothing else here takes one.
    private const long MigrationLock = 0x52656D696E646572;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await RunAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await RunAsync(connection, """
                CREATE SCHEMA IF NOT EXISTS reminders;
                CREATE TABLE IF NOT EXISTS reminders.migration (
                    number      integer PRIMARY KEY,
                    name        text NOT NULL,
                    applied_at  timestamptz NOT NULL DEFAULT now());
                """, cancellationToken);
            var before = await SchemaStanding.ReadAsync(connection, cancellationToken);
            var standing = SchemaStanding.Of(before, SchemaScript.All);
            Refuse(standing);
            foreach (var script in standing.Missing)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await RunAsync(connection, script.Sql, cancellationToken);
                await using var mark = new NpgsqlCommand(
                    "INSERT INTO reminders.migration (number, name) VALUES ($1, $2)", connection, transaction).With(script.Number, script.Name);
                await mark.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                LogApplied(script.Name);
            }
            foreach (var script in (string[])["quartz/tables.sql", "quartz/views.sql", "quartz/engine-views.sql"])
                await RunAsync(connection, SchemaScript.Read(script), cancellationToken);
            await SealAsync(connection, [.. before.Where(script => script.Checksum is null)], cancellationToken);
        }
        finally
        {
            // The lock is the session's: it must not go back into the pool with the connection. A session that broke has let
            // go of it, and asking it would hide why it broke.
            if (connection.State == ConnectionState.Open)
                await RunAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    /// <summary>Where the database stands against this build. Reads, and changes nothing.</summary>
    public async Task<SchemaStanding> StandingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return SchemaStanding.Of(await SchemaStanding.ReadAsync(connection, cancellationToken), SchemaScript.All);
    }

    /// <summary>For a start that migrates nothing.</summary>
    /// <exception cref="SchemaException">This build must not work with this database.</exception>
    public async Task RefuseForeignAsync(CancellationToken cancellationToken) => Refuse(await StandingAsync(cancellationToken));

    private static void Refuse(SchemaStanding standing)
    {
        if (standing.Problem is { } problem)
            throw new SchemaException(problem);
    }

    /// <summary>
    /// Keeps the checksum of each script. For those that were applied before checksums were kept nobody knows what they said,
    /// but what they should have made is in the reviewed schema: where that is there, they were this build's.
    /// </summary>
    private static async Task SealAsync(NpgsqlConnection connection, AppliedScript[] unsealed, CancellationToken cancellationToken)
    {
        if (unsealed.Length > 0
            && (await SchemaCheck.LookAsync(connection, ("reminders", "quartz"), cancellationToken)).FirstOrDefault(Denies) is { Reviewed: { } reviewed } difference)
        {
            throw new SchemaException(
                $"The database was made with another script {MadeBy(reviewed).Name} than this build's: {difference.Says}. doctor lists every difference and doctor --sql what puts it right; then start again.");
        }
        await using var seal = new NpgsqlCommand("""
            UPDATE reminders.migration m SET checksum = s.checksum, works_beside = s.works_beside
            FROM unnest($1, $2, $3) AS s (number, checksum, works_beside) WHERE m.number = s.number AND m.checksum IS NULL
            """, connection).With(
            SchemaScript.All.Select(script => script.Number).ToArray(), SchemaScript.All.Select(script => script.Checksum).ToArray(),
            SchemaScript.All.Select(script => script.WorksBeside).ToArray());
        await seal.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SchemaScript MadeBy(SchemaObject reviewed) =>
        SchemaScript.All.FirstOrDefault(script => Names(script, reviewed.ShortName) && (reviewed.Table is null || Names(script, reviewed.Table)))
        ?? SchemaScript.All.FirstOrDefault(script => Names(script, reviewed.Table ?? reviewed.ShortName)) ?? SchemaScript.All[0];

    private static bool Names(SchemaScript script, string what) => Regex.IsMatch(script.Sql, $@"\b{Regex.Escape(what)}\b");

    // What somebody may have done by hand since, such as another index, says nothing about the scripts; and Quartz's own are
    // idempotent and were just run.
    private static bool Denies(SchemaDifference difference) => difference is { Schema: "reminders", Weight: Weight.Breaks };

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);
}
