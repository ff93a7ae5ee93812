using MediatR;
using Reminders.Planning;
using Reminders.Recipients;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>
/// Gives a slot to somebody else: a new version, announced anew. What the former candidate was sent is edited to say that
/// it is off. Naming the same person again changes nothing but their particulars.
/// </summary>
public sealed record ChangeCandidate(Guid Id, PersonDraft? Candidate) : ICommand<Outcome<BookingView>>;

internal sealed class ChangeCandidateHandler(RemindersDb db, People people, SubjectChanges changes, BookingReader bookings, ZoneAgreement zones, Caller caller)
    : IRequestHandler<ChangeCandidate, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(ChangeCandidate request, CancellationToken cancellationToken)
    {
        if (BookingRules.CheckPerson("candidate", request.Candidate) is { Count: > 0 } errors)
            return new Outcome<BookingView>.Invalid(errors);
        if (await zones.ProblemsAsync(db, [("candidate.zone", request.Candidate!.Zone)], cancellationToken) is { Count: > 0 } disagreed)
            return new Outcome<BookingView>.Invalid(disagreed);
        if (await db.LockBookingAsync(request.Id, cancellationToken) is not { } booking)
            return new Outcome<BookingView>.NotFound($"There is no booking {request.Id}.");
        if (booking.Status == BookingSubject.Cancelled)
            return new Outcome<BookingView>.Conflict("The booking is cancelled: approve it again before giving it to somebody else.");

        var candidate = await people.UpsertAsync(request.Candidate!, cancellationToken);
        await using var name = db.Command("""
            UPDATE reminders.subject SET data = jsonb_set(data, '{candidate}', to_jsonb($2::text)) WHERE id = $1
            """).With(booking.SubjectId, request.Candidate!.Name!.Trim());
        await name.ExecuteNonQueryAsync(cancellationToken);
        await using var party = db.Command("""
            UPDATE reminders.party SET recipient_id = $2
            WHERE subject_id = $1 AND role = 'candidate' AND recipient_id <> $2
            """).With(booking.SubjectId, candidate);
        var changed = await party.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (changed)
        {
            await using var version = db.Command("""
                UPDATE reminders.subject
                SET version = version + 1, announcement = announcement + 1, revision = revision + 1, changed_at = now(),
                    status = CASE WHEN status IN ('confirmed', 'declined') THEN 'approved' ELSE status END
                WHERE id = $1
                """).With(booking.SubjectId);
            await version.ExecuteNonQueryAsync(cancellationToken);
            var on = booking.Status == BookingSubject.Proposed ? null : BookingSubject.Approved;
            await changes.ApplyAsync(booking.SubjectId, on, caller.Name, cancellationToken);
        }
        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!, changed);
    }
}
