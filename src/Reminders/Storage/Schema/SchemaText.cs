using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage.Schema;

/// <summary>
/// A schema as PostgreSQL itself describes it, in an order that does not depend on when anything was made: what a
/// migration really leaves, for a person to review and for <see cref="SchemaCheck"/> to compare.
/// </summary>
internal static class SchemaText
{
    private static readonly string[] Parts =
    [
        Statement.Named("Storage/Schema/Sql/sequences.sql"),
        Statement.Named("Storage/Schema/Sql/tables.sql"),
        Statement.Named("Storage/Schema/Sql/indexes.sql"),
        Statement.Named("Storage/Schema/Sql/functions.sql"),
        Statement.Named("Storage/Schema/Sql/views.sql"),
        Statement.Named("Storage/Schema/Sql/triggers.sql"),
    ];

    /// <param name="schema">Its name as it is, unquoted. Of a schema that is not there nothing is said but the heading.</param>
    public static async Task<string> RenderAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await RenderWithinAsync(connection, schema, cancellationToken);
    }

    /// <summary>The same within a transaction, whose search path is empty from here on.</summary>
    /// <inheritdoc cref="RenderAsync"/>
    public static async Task<string> RenderWithinAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // Definitions then name every object in full. Local, because the session goes back to a pool.
        await using (var path = SchemaNames.Default.Command("SET LOCAL search_path TO ''", connection))
        {
            await path.ExecuteNonQueryAsync(cancellationToken);
        }

        var parts = new List<string>
        {
            $"-- The schema {schema} as the migrations leave it, in the words of PostgreSQL {connection.PostgreSqlVersion.Major}."
                + "\n-- Written by the test MigratedSchema (REMINDERS_RENEW_SCHEMA=1); do not edit by hand.",
        };
        foreach (var part in Parts)
        {
            await using var command = SchemaNames.Default.Command(part, connection).With(schema);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                parts.Add(reader.GetString(0));
            }
        }
        return string.Join("\n\n", parts) + "\n";
    }
}
