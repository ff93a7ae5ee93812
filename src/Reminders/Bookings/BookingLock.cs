using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>A booking's row, locked for the rest of the transaction: changes of one booking come one after another.</summary>
internal sealed record LockedBooking(long SubjectId, string Status, DateTimeOffset StartsAt, DateTimeOffset Now, int Version);

internal static class BookingLock
{
    /// <summary>
    /// Locks and reads in one statement; under READ COMMITTED a waiter reads the row as its predecessor left it.
    /// NO KEY UPDATE, so that foreign keys to the subject do not wait.
    /// </summary>
    public static async Task<LockedBooking?> LockBookingAsync(this RemindersDb db, Guid id, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT id, status, happens_at, clock_timestamp(), version FROM reminders.subject
            WHERE type = 'booking' AND key = $1 FOR NO KEY UPDATE
            """).With(id.ToString());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4))
            : null;
    }
}
