using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.People;
using Reminders.Reads;

namespace Reminders.Lists;

/// <summary>A person in a list, their addresses masked.</summary>
/// <param name="Owner">Whose they are; empty for the installation's own.</param>
public sealed record ListedRecipient(
    string Reference,
    string Name,
    string Owner,
    string Locale,
    string Zone,
    DateTimeOffset CreatedAt,
    IReadOnlyList<AddressView> Addresses
);

internal sealed record FoundPerson(long Id, ListedRecipient Person);

/// <summary>People, the newest first, by channel and the state of an address. Who was forgotten is not among them.</summary>
internal sealed class PeopleList(RemindersDb db, CommandTransaction current, Caller caller)
    : KeysetList<FoundPerson, ListedRecipient>(db, current, caller, "people", ["reachable", "unreachable", OptedOut])
{
    private const string OptedOut = "opted_out";

    internal override IQueryable<FoundPerson> Query(ListFilter filter)
    {
        var people = Db.Recipients.AsNoTracking().Where(r => r.ErasedAt == null);
        var optOuts = Db.OptOuts.AsNoTracking();
        if (filter.Owner is { } owner)
        {
            people = people.Where(r => r.Owner == owner);
        }

        if (filter.Person is { } person)
        {
            people = people.Where(r => r.Reference == person);
        }

        var (channel, state) = (filter.Channel, filter.State);
        if (channel is not null || state is not null)
        {
            // Consent belongs to the address and outlives the row that named it: see the engine's README.
            people = people.Where(r =>
                r.Addresses.Any(a =>
                    (channel == null || a.Channel == channel)
                    // Said twice: those that are not reachable have a small index.
                    && (state == null || state == OptedOut || a.State == state)
                    && (state == null || (optOuts.Any(o => o.Key == a.Key) ? OptedOut : a.State) == state)
                )
            );
        }
        if (filter.Since is { } since)
        {
            people = people.Where(r => r.CreatedAt >= since);
        }

        if (filter.Until is { } until)
        {
            people = people.Where(r => r.CreatedAt < until);
        }

        if (filter.After is { } after)
        {
            var (at, id) = (after.At, after.Id);
            people = people.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(at, id)));
        }
        return people
            .OrderByDescending(r => r.CreatedAt)
            .ThenByDescending(r => r.Id)
            .Take(filter.Size + 1)
            .Select(r => new FoundPerson(
                r.Id,
                new ListedRecipient(
                    r.Reference,
                    r.Name,
                    r.Owner,
                    r.Locale,
                    r.Zone,
                    r.CreatedAt,
                    r.Addresses.OrderBy(a => a.Channel)
                        .Select(a => new AddressView(
                            a.Channel,
                            RemindersDb.Masked(a.Address),
                            optOuts.Any(o => o.Key == a.Key) ? OptedOut : a.State,
                            optOuts.Any(o => o.Key == a.Key) ? "asked_for_it" : a.Reason
                        ))
                        .ToList()
                )
            ));
    }

    protected override ListCursor Key(FoundPerson row) => new(row.Person.CreatedAt, row.Id);

    protected override ListedRecipient Show(FoundPerson row) => row.Person;
}
