using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Bookings;

/// <summary>
/// Approves a slot and plans its reminders. Approving again, from anywhere and any number of times, plans the same
/// occurrences again and so changes nothing: the ledger's identity suppresses and counts them. Approving a cancelled
/// booking reinstates it, as a new version.
/// </summary>
public sealed record ApproveBooking(Guid Id) : ICommand<Outcome<BookingView>>, IAudited
{
    string IAudited.Action => "booking.approve";

    string IAudited.About => $"booking {Id}";
}

internal sealed class ApproveBookingHandler(
    CommandTransaction db,
    ProposedBookings proposed,
    SubjectChanges changes,
    BookingReader bookings,
    Caller caller
) : IRequestHandler<ApproveBooking, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(ApproveBooking request, CancellationToken cancellationToken)
    {
        if (await proposed.ApproveAsync(request.Id, cancellationToken) is { } approved)
        {
            await changes.PlanAsync(approved.Subject, approved.Recruiters, approved.Now, caller.Name, cancellationToken);
            return new Outcome<BookingView>.Done(approved.View);
        }

        if (await db.LockBookingAsync(request.Id, caller, cancellationToken) is not { } booking)
        {
            return Outcome<BookingView>.NotFound.Of("no_booking", request.Id);
        }

        if (booking.StartsAt <= booking.Now)
        {
            return Outcome<BookingView>.Conflict.Of("begun_not_approved", booking.StartsAt);
        }

        var approve = db.Names.BatchCommand(Statement.Named("Bookings/Sql/approve.sql")).With(new[] { booking.SubjectId }, caller.Name);
        // Only what was called off has former messages, which have to follow.
        await (
            booking.Status == BookingSubject.Cancelled
                ? changes.ApplyAsync(booking.SubjectId, BookingSubject.Approved, caller.Name, cancellationToken, approve)
                : changes.PlanAsync([booking.SubjectId], BookingSubject.Approved, caller.Name, cancellationToken, approve)
        );
        return new Outcome<BookingView>.Done(
            (await bookings.FindAsync(request.Id, cancellationToken))!,
            booking.Status is BookingSubject.Proposed or BookingSubject.Cancelled
        );
    }
}
