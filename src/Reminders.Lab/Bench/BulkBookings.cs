using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>Many approved bookings at once, written by SQL: proposing and approving them is not what is measured or tested.</summary>
internal static class BulkBookings
{
    /// <summary>
    /// Each with a candidate of its own, whose chat is <c>1000000</c> plus their id, and one occurrence of a kind: planned when
    /// <paramref name="queued"/> is false, or fired already with a pending message.
    /// </summary>
    public static async Task WriteAsync(
        NpgsqlDataSource database,
        int count,
        string kind,
        TimeSpan dueIn,
        bool queued,
        CancellationToken cancellationToken,
        string name = "bulk"
    )
    {
        await using var command = database
            .CreateCommand(LabStatement.Named("Bench/Sql/bulk-bookings.sql"))
            .With(count, kind, dueIn, queued, name);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
