using NpgsqlTypes;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Ledger;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <param name="Subject">As planning wants it.</param>
internal sealed record ApprovedNow(SubjectNow Subject, DateTimeOffset Now, BookingView View)
{
    public IReadOnlyCollection<long> Recruiters { get; } =
    [.. Subject.Parties.Where(party => party.Role == BookingSubject.RecruiterRole).Select(party => party.RecipientId)];
}

/// <summary>
/// Approves what is merely proposed, which is nearly every approval: nothing was planned or sent of it, so nothing has to be taken back,
/// and one statement locks, changes and reads it, with its people.
/// </summary>
internal sealed class ProposedBookings(CommandTransaction db, BookingReader bookings, Caller caller)
{
    /// <returns>Null when it is anything but that, or was changed in the same moment: then nothing was done.</returns>
    public async Task<ApprovedNow?> ApproveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var approve = db.Command(Statement.Named("Bookings/Sql/approve-proposed.sql"))
            .With(id.ToString(), caller.Name, caller.Owner, caller.SeesAll);
        approve.Parameters.Add(new() { Value = (object?)caller.Recruiter ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        approve.Parameters.Add(new() { Value = (object?)caller.SeenRevision ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        approve.With(ChannelNames.Chat, BookingSubject.Type);
        await using var reader = await approve.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var (subjectId, version, happensAt, told) = (
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetString(3)
        );
        var (createdAt, changedAt) = (reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5));
        var (data, now) = (reader.GetString(6), reader.GetFieldValue<DateTimeOffset>(7));
        var parties = new List<PartyNow>(2);
        var people = new Dictionary<string, PersonView>(2);
        do
        {
            var role = reader.GetString(8);
            people[role] = bookings.Person(reader, 11);
            if (reader.GetBoolean(10))
            {
                parties.Add(new(role, reader.GetInt64(9)));
            }
        } while (await reader.ReadAsync(cancellationToken));
        return new(
            new(subjectId, BookingSubject.Type, version, BookingSubject.Approved, happensAt, told, parties),
            now,
            BookingReader.View(
                id,
                BookingSubject.Approved,
                version,
                happensAt,
                createdAt,
                changedAt,
                data,
                people[BookingSubject.CandidateRole],
                people[BookingSubject.RecruiterRole]
            )
        );
    }
}
