using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>Triggers of the table's own that a moved row fires.</summary>
internal sealed record DeleteTriggers(IReadOnlyList<string> Names)
{
    // Bit 3 of tgtype is DELETE.
    public static async Task<DeleteTriggers> ReadAsync(
        NpgsqlConnection connection,
        DedupeTable table,
        CancellationToken cancellationToken
    ) =>
        new(
            await connection.ReadAsync(
                "SELECT tgname::text FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype "
                    + "& 8 <> 0 ORDER BY 1",
                reader => reader.GetString(0),
                cancellationToken,
                table.Oid
            )
        );
}
