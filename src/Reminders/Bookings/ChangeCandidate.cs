using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Zones;

namespace Reminders.Bookings;

/// <summary>
/// Gives a slot to somebody else: a new version, announced anew. What the former candidate was sent is edited to say that
/// it is off. Naming the same person again changes nothing but their particulars.
/// </summary>
public sealed record ChangeCandidate(Guid Id, PersonDraft? Candidate) : ICommand<Outcome<BookingView>>, IAudited
{
    string IAudited.Action => "booking.candidate";

    string IAudited.About => $"booking {Id}";
}

internal sealed class ChangeCandidateHandler(
    CommandTransaction db,
    BookingPeople people,
    SubjectChanges changes,
    BookingReader bookings,
    ZoneAgreement zones,
    Caller caller,
    Audit audit
) : IRequestHandler<ChangeCandidate, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(ChangeCandidate request, CancellationToken cancellationToken)
    {
        if (BookingRules.CheckPerson("candidate", request.Candidate) is { Count: > 0 } errors)
        {
            return new Outcome<BookingView>.Invalid(errors);
        }

        if (await zones.ProblemsAsync(db, [("candidate.zone", request.Candidate!.Zone)], cancellationToken) is { Count: > 0 } disagreed)
        {
            return new Outcome<BookingView>.Invalid(disagreed);
        }

        if (await db.LockBookingAsync(request.Id, caller, cancellationToken) is not { } booking)
        {
            return Outcome<BookingView>.NotFound.Of("no_booking", request.Id);
        }
        if (booking.Status == BookingSubject.Cancelled)
        {
            return Outcome<BookingView>.Conflict.Of("cancelled_not_changed");
        }

        var candidate = await people.UpsertAsync(request.Candidate!, booking.Owner, cancellationToken);
        await using var name = db.Command(
                """
                UPDATE reminders.subject SET data = jsonb_set(data, '{candidate}', to_jsonb($2::text)) WHERE id = $1
                """
            )
            .With(booking.SubjectId, request.Candidate!.Name!.Trim());
        await name.ExecuteNonQueryAsync(cancellationToken);
        await using var party = db.Command(
                """
                UPDATE reminders.party p SET recipient_id = $2 FROM reminders.party former
                WHERE p.subject_id = $1 AND p.role = 'candidate' AND p.recipient_id <> $2
                  AND former.subject_id = p.subject_id AND former.role = p.role AND former.recipient_id = p.recipient_id
                RETURNING former.recipient_id
                """
            )
            .With(booking.SubjectId, candidate);
        var former = await party.ExecuteScalarAsync(cancellationToken) as long?;
        if (former is not null)
        {
            await audit.WriteAsync(
                "booking.candidate",
                $"booking {request.Id}",
                Audit.Person(former.Value),
                Audit.Person(candidate),
                null,
                cancellationToken
            );
            await using var version = db.Command(
                    """
                    UPDATE reminders.subject
                    SET version = version + 1, announcement = announcement + 1, revision = revision + 1, changed_at = now(),
                        status = CASE WHEN status IN ('confirmed', 'declined') THEN 'approved' ELSE status END
                    WHERE id = $1
                    """
                )
                .With(booking.SubjectId);
            await version.ExecuteNonQueryAsync(cancellationToken);
            var on = booking.Status == BookingSubject.Proposed ? null : BookingSubject.Approved;
            await changes.ApplyAsync(booking.SubjectId, on, caller.Name, cancellationToken);
        }
        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!, former is not null);
    }
}
