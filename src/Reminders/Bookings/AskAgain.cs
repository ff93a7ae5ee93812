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
            return new Outcome<BookingView>.NotFound($"There is no booking {request.Id}.");
        }

        if (booking.StartsAt <= booking.Now)
        {
            return new Outcome<BookingView>.Conflict($"The booking started at {booking.StartsAt:u}: nobody can be asked any more.");
        }

        await using var again = db.Command(Statement.Named("Bookings/Sql/ask-again.sql")).With(booking.SubjectId, caller.Name);
        if (await again.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return new Outcome<BookingView>.Conflict(
                $"The booking is {booking.Status}: only whoever declined, or was told that it is off, is asked again."
            );
        }

        await changes.ApplyAsync(booking.SubjectId, BookingSubject.Approved, caller.Name, cancellationToken);
        return new Outcome<BookingView>.Done((await bookings.FindAsync(request.Id, cancellationToken))!);
    }
}
