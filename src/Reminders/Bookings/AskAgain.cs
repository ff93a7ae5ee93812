using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Bookings;

/// <summary>
/// Asks the candidate once more after they declined, or the slot was called off: the booking is approved again as a new version, and so
/// announced anew. Nobody is asked again who has not answered, or has confirmed.
/// </summary>
public sealed record AskAgain(Guid Id) : ICommand<Outcome<BookingView>>, IAudited
{
    string IAudited.Action => "booking.ask_again";

    string IAudited.About => $"booking {Id}";
}

internal sealed class AskAgainHandler(CommandTransaction db, SubjectChanges changes, BookingReader bookings, Caller caller)
    : IRequestHandler<AskAgain, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(AskAgain request, CancellationToken cancellationToken)
    {
        if (await db.LockBookingAsync(request.Id, caller, cancellationToken) is not { } booking)
        {
            return Outcome<BookingView>.NotFound.Of("no_booking", request.Id);
        }

        if (booking.StartsAt <= booking.Now)
        {
            return Outcome<BookingView>.Conflict.Of("begun_not_asked", booking.StartsAt);
        }

        await using var again = db.Command(Statement.Named("Bookings/Sql/ask-again.sql")).With(booking.SubjectId, caller.Name);
        if (await again.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return Outcome<BookingView>.Conflict.Of("not_called_off", booking.Status);
        }

        await changes.ApplyAsync(booking.SubjectId, BookingSubject.Approved, caller.Name, cancellationToken);
        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!);
    }
}
