using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>What a run puts up and takes down again: the guard first, since without the index it would read the table.</summary>
internal static class Scaffolding
{
    public static async Task DropAsync(NpgsqlConnection connection, DedupeTable table, CancellationToken cancellationToken)
    {
        if (await new InsertGuard(connection, table).DropAsync(cancellationToken))
        {
            await new LookupIndex(connection, table).DropAsync(cancellationToken);
        }
    }
}
