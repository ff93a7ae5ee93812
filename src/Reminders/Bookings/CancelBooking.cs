using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Bookings;

/// <summary>Calls a slot off: nothing more is sent about it, and a delivered reminder is edited to say so.</summary>
public sealed record CancelBooking(Guid Id) : ICommand<Outcome<BookingView>>, IAudited
{
    string IAudited.Action => "booking.cancel";

    string IAudited.About => $"booking {Id}";
}

internal sealed class CancelBookingHandler(CommandTransaction db, SubjectChanges changes, BookingReader bookings, Caller caller)
    : IRequestHandler<CancelBooking, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(CancelBooking request, CancellationToken cancellationToken)
    {
        if (await db.LockBookingAsync(request.Id, caller, cancellationToken) is not { } booking)
        {
            return Outcome<BookingView>.NotFound.Of("no_booking", request.Id);
        }

        await using var cancel = db.Command(Statement.Named("Bookings/Sql/cancel.sql")).With(booking.SubjectId, caller.Name);
        var changed = await cancel.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (changed)
        {
            await changes.ApplyAsync(booking.SubjectId, BookingSubject.Cancelled, caller.Name, cancellationToken);
        }

        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!, changed);
    }
}
