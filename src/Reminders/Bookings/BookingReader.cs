using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>Reads bookings back for their callers; another's booking is none.</summary>
internal sealed class BookingReader(RemindersDb db, BotProfile bot, Caller caller)
{
    public async Task<BookingView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var key = id.ToString();
        var subject = await db.Subjects.AsNoTracking()
            .Where(s => s.Type == BookingSubject.Type && s.Key == key && (s.Owner == caller.Owner || caller.SeesAll))
            .Include(s => s.Parties).ThenInclude(p => p.Recipient).ThenInclude(r => r.Addresses)
            .SingleOrDefaultAsync(cancellationToken);
        if (subject is null)
            return null;
        var data = JsonSerializer.Deserialize<BookingSubject>(subject.Data, JsonSerializerOptions.Web)!;
        return new(
            id, subject.Status, subject.Version, data.Title, data.Place, subject.HappensAt!.Value,
            Person(subject, BookingSubject.CandidateRole), Person(subject, BookingSubject.RecruiterRole),
            subject.CreatedAt, subject.ChangedAt);
    }

    private PersonView Person(SubjectRow subject, string role)
    {
        var person = subject.Parties.Single(party => party.Role == role).Recipient;
        var chat = person.Addresses.SingleOrDefault(address => address.Channel == "telegram" && address.State == "reachable");
        return new(
            person.Reference, person.Name, person.Locale, person.Zone,
            chat is null ? null : long.Parse(chat.Address, System.Globalization.CultureInfo.InvariantCulture),
            person.StartCode, bot.StartLink(person.StartCode));
    }
}
