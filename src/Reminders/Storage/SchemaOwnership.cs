using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// Whose the two schemas are, asked before anything is made: a schema of another program, or Quartz's tables of another
/// installation, would be written into and the views in it turned round. What is somebody else's is refused, untouched.
/// </summary>
internal static class SchemaOwnership
{
    /// <summary>Makes the schemas that are not there; those that are there must be empty or ours.</summary>
    /// <exception cref="SettingsException">A schema is somebody else's, or may not be made.</exception>
    public static async Task EnsureAsync(Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = database.Names;
        var engine = await LookAsync(database, connection, names.Engine, cancellationToken);
        var quartz = await LookAsync(database, connection, names.Quartz, cancellationToken);
        if (engine is { IsEmpty: false, HasMigrations: false })
        {
            throw new SettingsException([
                $"Schema is '{names.Engine}': that schema of the database {connection.Database} holds something else "
                    + $"({engine.Holds}) and was left untouched. It should be an empty schema, or one that does not exist, "
                    + $"such as {names.Engine}_notices.",
            ]);
        }

        if (quartz is { IsEmpty: false, HasViews: false })
        {
            throw new SettingsException([
                $"QuartzSchema is '{names.Quartz}': that schema of the database {connection.Database} holds something else "
                    + $"({quartz.Holds}) and was left untouched. It should be an empty schema, or one that does not exist, "
                    + $"such as {names.Engine}_quartz.",
            ]);
        }

        if (quartz?.ServesEngine is { } other && other != names.Engine)
        {
            throw new SettingsException([
                $"QuartzSchema is '{names.Quartz}': it belongs to the installation whose Schema is '{other}' and was left "
                    + $"untouched. Each installation needs one of its own, such as {names.Engine}_quartz.",
            ]);
        }

        await CreateAsync(database, connection, "Schema", names.Engine, engine, cancellationToken);
        await CreateAsync(database, connection, "QuartzSchema", names.Quartz, quartz, cancellationToken);
    }

    // Not IF NOT EXISTS: that wants the right to create schemas even where there is nothing to create.
    private static async Task CreateAsync(
        Database database,
        NpgsqlConnection connection,
        string setting,
        string name,
        Found? found,
        CancellationToken cancellationToken
    )
    {
        if (found is not null)
        {
            return;
        }

        try
        {
            await using var create = database.CreateCommand($"CREATE SCHEMA {name}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SettingsException([
                $"{setting} is '{name}': the database {connection.Database} has no such schema, and the role "
                    + $"{connection.UserName} may not create one. Have its owner run: CREATE SCHEMA {name} AUTHORIZATION "
                    + $"{connection.UserName};",
            ]);
        }
    }

    private static async Task<Found?> LookAsync(
        Database database,
        NpgsqlConnection connection,
        string name,
        CancellationToken cancellationToken
    )
    {
        await using var look = database.CreateCommand(Statement.Named("Storage/Sql/look-at-schema.sql"), connection).With(name);
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetFieldValue<string[]>(0),
                reader.GetBoolean(1),
                reader.GetBoolean(2),
                reader.IsDBNull(3) ? null : reader.GetString(3)
            )
            : null;
    }

    /// <param name="Things">What is in it, by name; functions count, because ours would replace them.</param>
    /// <param name="HasMigrations">Whether our list of applied scripts is in it.</param>
    /// <param name="HasViews">Whether what our views of Quartz's tables call is in it.</param>
    /// <param name="ServesEngine">The engine's schema that those views read.</param>
    private sealed record Found(string[] Things, bool HasMigrations, bool HasViews, string? ServesEngine)
    {
        public bool IsEmpty => Things.Length == 0;

        public string Holds => string.Join(", ", Things.Take(3)) + (Things.Length > 3 ? ", …" : "");
    }
}
