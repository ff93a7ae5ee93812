using System.Text.Json;
using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Bookings;

/// <summary>Proposes a slot. Nothing is planned before it is approved.</summary>
public sealed record CreateBooking(
    string? Title,
    DateTimeOffset? StartsAt,
    PersonDraft? Candidate,
    PersonDraft? Recruiter,
    string? Place = null
) : ICommand<Outcome<BookingView>>;

internal sealed class CreateBookingHandler(
    CommandTransaction db,
    BookingPeople people,
    BookingReader bookings,
    ZoneAgreement zones,
    Caller caller
) : IRequestHandler<CreateBooking, Outcome<BookingView>>
{
    public async Task<Outcome<BookingView>> Handle(CreateBooking request, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        var errors = BookingRules.Check(request.Title, request.Place, request.StartsAt, request.Candidate, request.Recruiter, now);
        if (errors.Count > 0)
        {
            return new Outcome<BookingView>.Invalid(errors);
        }

        if (
            await zones.ProblemsAsync(
                db,
                [("candidate.zone", request.Candidate!.Zone), ("recruiter.zone", request.Recruiter!.Zone)],
                cancellationToken
            ) is
            { Count: > 0 } disagreed
        )
        {
            return new Outcome<BookingView>.Invalid(disagreed);
        }

        if (caller.Recruiter is { } own && !await people.IsAsync(own, request.Recruiter!, caller.Owner, cancellationToken))
        {
            return new Outcome<BookingView>.Invalid(WrongFields.Of("recruiter.reference", "wrong.not_theirs"));
        }

        var id = Guid.CreateVersion7(now);
        var candidate = await people.UpsertAsync(request.Candidate!, caller.Owner, cancellationToken);
        var recruiter = await people.UpsertAsync(request.Recruiter!, caller.Owner, cancellationToken);
        var data = new BookingSubject(
            request.Title!.Trim(),
            request.Place?.Trim() ?? "",
            request.Candidate!.Name!.Trim(),
            request.Recruiter!.Name!.Trim()
        );
        await using var insert = db.Command(Statement.Named("Bookings/Sql/create-booking.sql"))
            .With(
                id.ToString(),
                request.StartsAt!.Value.ToUniversalTime(),
                JsonSerializer.Serialize(data, JsonSerializerOptions.Web),
                caller.Name,
                candidate,
                recruiter,
                caller.Owner
            );
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return new Outcome<BookingView>.Done((await bookings.FindAsync(id, cancellationToken))!);
    }
}
