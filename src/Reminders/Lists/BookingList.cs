using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Reads;

namespace Reminders.Lists;

/// <summary>A booking in a list.</summary>
/// <param name="Owner">Whose it is; empty for the installation's own.</param>
/// <param name="Status">proposed, approved, confirmed, declined or cancelled.</param>
public sealed record ListedBooking(
    Guid Id,
    string Owner,
    string Status,
    long ScheduleVersion,
    string Title,
    string? Place,
    DateTimeOffset StartsAt,
    ListedPerson? Candidate,
    ListedPerson? Recruiter,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt
);

internal sealed record FoundBooking(
    long Id,
    string Key,
    string Owner,
    string Status,
    long Version,
    string Data,
    DateTimeOffset? HappensAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    IReadOnlyList<FoundParty> Parties
);

internal sealed record FoundParty(string Role, string Reference, string Name);

/// <summary>
/// Bookings in the order they begin, by status, by whoever is in them, and by their start. One that is moved while somebody
/// reads stands where it is then.
/// </summary>
internal sealed class BookingList(RemindersDb db, CommandTransaction current, Caller caller)
    : KeysetList<FoundBooking, ListedBooking>(
        db,
        current,
        caller,
        "bookings",
        [BookingSubject.Proposed, BookingSubject.Approved, BookingSubject.Confirmed, BookingSubject.Declined, BookingSubject.Cancelled]
    )
{
    internal override IQueryable<FoundBooking> Query(ListFilter filter)
    {
        var bookings = Db.Subjects.AsNoTracking().Where(s => s.Type == BookingSubject.Type);
        if (filter.Owner is { } owner)
        {
            bookings = bookings.Where(s => s.Owner == owner);
        }

        if (filter.Recruiter is { } recruiter)
        {
            bookings = bookings.Where(s => s.Parties.Any(p => p.Role == BookingSubject.RecruiterRole && p.RecipientId == recruiter));
        }

        if (filter.State is { } state)
        {
            bookings = bookings.Where(s => s.Status == state);
        }

        if (filter.Person is { } person)
        {
            bookings = bookings.Where(s => s.Parties.Any(p => p.Recipient.Reference == person && p.Recipient.ErasedAt == null));
        }

        if (filter.Since is { } since)
        {
            bookings = bookings.Where(s => s.HappensAt >= since);
        }

        if (filter.Until is { } until)
        {
            bookings = bookings.Where(s => s.HappensAt < until);
        }

        if (filter.After is { } after)
        {
            var (at, id) = ((DateTimeOffset?)after.At, after.Id);
            bookings = bookings.Where(s => EF.Functions.GreaterThan(ValueTuple.Create(s.HappensAt, s.Id), ValueTuple.Create(at, id)));
        }
        return bookings
            .OrderBy(s => s.HappensAt)
            .ThenBy(s => s.Id)
            .Take(filter.Size + 1)
            .Select(s => new FoundBooking(
                s.Id,
                s.Key,
                s.Owner,
                s.Status,
                s.Version,
                s.Data,
                s.HappensAt,
                s.CreatedAt,
                s.ChangedAt,
                s.Parties.Select(p => new FoundParty(p.Role, p.Recipient.Reference, p.Recipient.Name)).ToList()
            ));
    }

    protected override ListCursor Key(FoundBooking row) => new(row.HappensAt!.Value, row.Id);

    protected override ListedBooking Show(FoundBooking row)
    {
        var data = JsonSerializer.Deserialize<BookingSubject>(row.Data, JsonSerializerOptions.Web)!;
        return new(
            Guid.Parse(row.Key),
            row.Owner,
            row.Status,
            row.Version,
            data.Title,
            data.Place,
            row.HappensAt!.Value,
            In(BookingSubject.CandidateRole),
            In(BookingSubject.RecruiterRole),
            row.CreatedAt,
            row.ChangedAt
        );

        ListedPerson? In(string role) =>
            row.Parties.FirstOrDefault(party => party.Role == role) is { } party ? new(party.Reference, party.Name) : null;
    }
}
