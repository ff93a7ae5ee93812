using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage.Schema;

/// <summary>Compares the database's two schemas with the reviewed ones, object by object.</summary>
internal sealed class SchemaCheck(Database database)
{
    public async Task<IReadOnlyList<SchemaDifference>> LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await LookAsync(connection, database.Names, cancellationToken);
    }

    public static async Task<IReadOnlyList<SchemaDifference>> LookAsync(
        NpgsqlConnection connection,
        SchemaNames names,
        CancellationToken cancellationToken
    ) =>
        [
            .. ReviewedSchema.Engine.DifferencesOf(
                await SchemaText.RenderAsync(connection, names.Engine, cancellationToken),
                names.Engine,
                (names.Engine, names.Quartz)
            ),
            .. ReviewedSchema.Quartz.DifferencesOf(
                await SchemaText.RenderAsync(connection, names.Quartz, cancellationToken),
                names.Quartz,
                (names.Engine, names.Quartz)
            ),
        ];
}
