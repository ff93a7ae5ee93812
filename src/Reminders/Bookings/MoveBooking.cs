using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Bookings;

/// <summary>
/// Moves a slot to another instant: a new version, with reminders of its own; those of the old version can no longer be
/// sent, and a delivered one is edited. An earlier answer was to the earlier time, so the booking is approved, not
/// confirmed or declined. Moving it to where it is changes nothing.
/// </summary>
public sealed record MoveBooking(Guid Id, DateTimeOffset? StartsAt) : ICommand<Outcome<BookingView>>, IAudited
{
    string IAudited.Action => "booking.move";

    string IAudited.About => $"booking {Id}";
}

internal sealed class MoveBookingHandler(CommandTransaction db, SubjectChanges changes, BookingReader bookings, Caller caller)
    : IRequestHandler<MoveBooking, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(MoveBooking request, CancellationToken cancellationToken)
    {
        if (await db.LockBookingAsync(request.Id, caller, cancellationToken) is not { } booking)
        {
            return Outcome<BookingView>.NotFound.Of("no_booking", request.Id);
        }

        if (BookingRules.CheckStart(request.StartsAt, booking.Now) is { Count: > 0 } errors)
        {
            return new Outcome<BookingView>.Invalid(errors);
        }

        if (booking.Status == BookingSubject.Cancelled)
        {
            return Outcome<BookingView>.Conflict.Of("cancelled_not_moved");
        }

        // Rule 3: the version grows by this statement and no other, and only when the instant really differs.
        await using var move = db.Command(Statement.Named("Bookings/Sql/move.sql"))
            .With(booking.SubjectId, caller.Name, request.StartsAt!.Value.ToUniversalTime());
        var changed = await move.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (changed)
        {
            var on = booking.Status == BookingSubject.Proposed ? null : BookingSubject.Approved;
            await changes.ApplyAsync(booking.SubjectId, on, caller.Name, cancellationToken);
        }
        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!, changed);
    }
}
