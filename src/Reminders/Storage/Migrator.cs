using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Settings;
using Reminders.Storage.Schema;
using Reminders.Words;

namespace Reminders.Storage;

/// <summary>
/// Brings a database to the schema this build needs: the engine's numbered scripts, each once and in order, then
/// the predicates of functions.sql, Quartz's tables and the operators' views, which are idempotent and simply run. Any number of nodes may
/// start at
/// once: <see cref="MigrationLock"/> lets one work while the others wait, and they then find nothing to do. A database that was
/// made with other scripts than this build's, or by a newer build that does not work beside this one, is refused in one line.
/// </summary>
internal sealed partial class Migrator(Database dataSource, MigrationLock migrationLock, ILogger<Migrator> logger)
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenDirectAsync(cancellationToken);
        try
        {
            await InTransactionAsync(connection, PrepareAsync, cancellationToken);
            var before = await SchemaStanding.ReadAsync(dataSource, connection, cancellationToken);
            var standing = SchemaStanding.Of(before, SchemaScript.All);
            Refuse(standing);
            foreach (var script in standing.Missing)
            {
                await InTransactionAsync(
                    connection,
                    (connection, cancellationToken) => ApplyAsync(connection, script, cancellationToken),
                    cancellationToken
                );
            }

            await InTransactionAsync(
                connection,
                (connection, cancellationToken) => RepeatAsync(connection, standing, cancellationToken),
                cancellationToken
            );
            if (before.Any(script => script.Checksum is null))
            {
                // Under the lock as well: who reads every table's definition beside somebody who changes some can meet them in a deadlock.
                await InTransactionAsync(connection, CompareAsync, cancellationToken);
            }

            await InTransactionAsync(connection, SealAsync, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SettingsException([
                $"ConnectionString names the role {connection.UserName}, which may not migrate ({exception.MessageText}): it "
                    + $"should be the owner of the schemas {dataSource.Names.Engine} and {dataSource.Names.Quartz}. Where another role "
                    + $"migrates, set MigrateAtStart to false and grant what ./dev migrate --print-grants {connection.UserName} prints.",
            ]);
        }
    }

    /// <summary>Where the database stands against this build. Reads, and changes nothing.</summary>
    public async Task<SchemaStanding> StandingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenDirectAsync(cancellationToken);
        return SchemaStanding.Of(await SchemaStanding.ReadAsync(dataSource, connection, cancellationToken), SchemaScript.All);
    }

    /// <summary>For a start that migrates nothing.</summary>
    /// <exception cref="SchemaException">This build must not work with this database.</exception>
    public async Task RefuseForeignAsync(CancellationToken cancellationToken) => Refuse(await StandingAsync(cancellationToken));

    private static void Refuse(SchemaStanding standing)
    {
        if (standing.Problem is { } problem)
        {
            throw new SchemaException(Wording.English.Of(problem));
        }
    }

    private async Task InTransactionAsync(
        NpgsqlConnection connection,
        Func<NpgsqlConnection, CancellationToken, Task> step,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await migrationLock.BeginAsync(connection, cancellationToken);
        await step(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await SchemaOwnership.EnsureAsync(dataSource, connection, cancellationToken);
        await RunAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS reminders.migration (
                number      integer PRIMARY KEY,
                name        text NOT NULL,
                applied_at  timestamptz NOT NULL DEFAULT now());
            """,
            cancellationToken
        );
    }

    private async Task ApplyAsync(NpgsqlConnection connection, SchemaScript script, CancellationToken cancellationToken)
    {
        // Under the lock: another node may have applied it since the last script.
        await using (
            var mark = dataSource
                .CreateCommand("INSERT INTO reminders.migration (number, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection)
                .With(script.Number, script.Name)
        )
        {
            if (await mark.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return;
            }
        }
        await RunAsync(connection, script.Sql, cancellationToken);
        LogApplied(script.Name);
    }

    /// <summary>What is idempotent and simply runs.</summary>
    private async Task RepeatAsync(NpgsqlConnection connection, SchemaStanding standing, CancellationToken cancellationToken)
    {
        // A newer build has put its own predicates there, which work beside this one.
        string[] predicates = standing.Newer.Count == 0 ? ["functions.sql"] : [];
        foreach (var script in (string[])[.. predicates, "quartz/tables.sql", "quartz/views.sql", "quartz/engine-views.sql"])
        {
            await RunAsync(connection, SchemaScript.Read(script), cancellationToken);
        }
    }

    /// <summary>
    /// For those scripts that were applied before checksums were kept nobody knows what they said, but what they should have made
    /// is in the reviewed schema: where that is there, they were this build's.
    /// </summary>
    private async Task CompareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (
            (await SchemaCheck.LookAsync(connection, dataSource.Names, cancellationToken)).FirstOrDefault(Denies) is
            { Reviewed: { } reviewed } difference
        )
        {
            throw new SchemaException(
                $"The database was made with another script {MadeBy(reviewed).Name} than this build's: "
                    + $"{difference.Says}. "
                    + "doctor lists every difference and doctor --sql what puts it right; then start again."
            );
        }
    }

    /// <summary>Keeps the checksum of each script.</summary>
    private async Task SealAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var seal = dataSource
            .CreateCommand(
                """
                UPDATE reminders.migration m SET checksum = s.checksum, works_beside = s.works_beside
                FROM unnest($1, $2, $3) AS s (number, checksum, works_beside) WHERE m.number = s.number AND m.checksum IS NULL
                """,
                connection
            )
            .With(
                SchemaScript.All.Select(script => script.Number).ToArray(),
                SchemaScript.All.Select(script => script.Checksum).ToArray(),
                SchemaScript.All.Select(script => script.WorksBeside).ToArray()
            );
        await seal.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SchemaScript MadeBy(SchemaObject reviewed) =>
        SchemaScript.All.FirstOrDefault(script =>
            Names(script, reviewed.ShortName) && (reviewed.Table is null || Names(script, reviewed.Table))
        )
        ?? SchemaScript.All.FirstOrDefault(script => Names(script, reviewed.Table ?? reviewed.ShortName))
        ?? SchemaScript.All[0];

    private static bool Names(SchemaScript script, string what) => Regex.IsMatch(script.Sql, $@"\b{Regex.Escape(what)}\b");

    // What somebody may have done by hand since, such as another index, says nothing about the scripts; and Quartz's own are
    // idempotent and were just run.
    private bool Denies(SchemaDifference difference) => difference.Weight == Weight.Breaks && difference.Schema == dataSource.Names.Engine;

    private async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql, connection);
        // An index on a large table takes as long as it takes.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1001, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);
}
