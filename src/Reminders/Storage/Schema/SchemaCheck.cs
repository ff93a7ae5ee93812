using Npgsql;

namespace Reminders.Storage.Schema;

/// <summary>Compares the database's two schemas with the reviewed ones, object by object.</summary>
internal sealed class SchemaCheck(NpgsqlDataSource dataSource)
{
    private static readonly (string Engine, string Quartz) Names = ("reminders", "quartz");

    public async Task<IReadOnlyList<SchemaDifference>> LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await LookAsync(connection, Names, cancellationToken);
    }

    public static async Task<IReadOnlyList<SchemaDifference>> LookAsync(
        NpgsqlConnection connection, (string Engine, string Quartz) names, CancellationToken cancellationToken) =>
        [
            .. ReviewedSchema.Engine.DifferencesOf(await SchemaText.RenderAsync(connection, names.Engine, cancellationToken), names.Engine, names),
            .. ReviewedSchema.Quartz.DifferencesOf(await SchemaText.RenderAsync(connection, names.Quartz, cancellationToken), names.Quartz, names),
        ];
}
