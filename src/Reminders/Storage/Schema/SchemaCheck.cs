using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage.Schema;

/// <summary>Compares the database's two schemas with the reviewed ones, object by object.</summary>
internal sealed class SchemaCheck(Database database)
{
    public async Task<IReadOnlyList<SchemaDifference>> LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await LookAsync(connection, database.Names, cancellationToken);
    }

    /// <summary>The same within a transaction, whose search path is empty from here on.</summary>
    public static async Task<IReadOnlyList<SchemaDifference>> LookAsync(
        NpgsqlConnection connection,
        SchemaNames names,
        CancellationToken cancellationToken
    ) =>
        [
            .. ReviewedSchema.Engine.DifferencesOf(
                await SchemaText.RenderWithinAsync(connection, names.Engine, cancellationToken),
                names.Engine,
                (names.Engine, names.Quartz)
            ),
            .. ReviewedSchema.Quartz.DifferencesOf(
                await SchemaText.RenderWithinAsync(connection, names.Quartz, cancellationToken),
                names.Quartz,
                (names.Engine, names.Quartz)
            ),
        ];
}
