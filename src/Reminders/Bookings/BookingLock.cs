using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>A booking's row, locked for the rest of the transaction: changes of one booking come one after another.</summary>
/// <param name="Owner">Whose it is, and so whose the people are that it names.</param>
internal sealed record LockedBooking(
    long SubjectId,
    string Status,
    DateTimeOffset StartsAt,
    DateTimeOffset Now,
    long Version,
    string Owner
);

internal static class BookingLock
{
    /// <summary>
    /// Locks and reads in one statement; under READ COMMITTED a waiter reads the row as its predecessor left it.
    /// NO KEY UPDATE, so that foreign keys to the subject do not wait. Another's booking is found no more than none is.
    /// </summary>
    public static async Task<LockedBooking?> LockBookingAsync(
        this CommandTransaction db,
        Guid id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Command(
                """
                SELECT id, status, happens_at, clock_timestamp(), version, owner, revision FROM reminders.subject s
                WHERE type = 'booking' AND key = $1 AND (owner = $2 OR $3) AND reminders.recruited_by(s, $4) FOR NO KEY UPDATE
                """
            )
            .With(id.ToString(), caller.Owner, caller.SeesAll, caller.Recruiter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        if (caller.SeenRevision is { } seen && seen != reader.GetInt32(6))
        {
            throw new ChangedMeanwhileException($"booking {id}");
        }

        return new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            reader.GetInt64(4),
            reader.GetString(5)
        );
    }
}
