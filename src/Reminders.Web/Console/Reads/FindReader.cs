using Microsoft.EntityFrameworkCore;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Storage;

namespace Reminders.Web.Console.Reads;

internal sealed record FoundPerson(long Id, string Reference, string Name, string Owner, string Zone);

/// <summary>Finds people by whatever somebody has of them.</summary>
internal sealed class FindReader(RemindersDb db, CommandTransaction current, IEnumerable<ServedChannel> served)
{
    private const int Most = 50;

    public async Task<IReadOnlyList<FoundPerson>> PeopleAsync(string what, CancellationToken cancellationToken)
    {
        await using var find = current
            .Command(WebStatement.Named("Console/Reads/Sql/find.sql"))
            .With(what, Most, served.Select(channel => channel.Name).ToArray());
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var people = new List<FoundPerson>();
        while (await reader.ReadAsync(cancellationToken))
        {
            people.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
        }

        return people;
    }

    public async Task<RecipientRow?> PersonAsync(long id, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await db
            .Recipients.AsNoTracking()
            .Include(recipient => recipient.Addresses)
            .SingleOrDefaultAsync(recipient => recipient.Id == id && recipient.ErasedAt == null, cancellationToken);
    }

    public async Task<IReadOnlyList<OutboxRow>> MessagesAsync(long person, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.SnapshotAsync(current, cancellationToken);
        return await Messages(db, person).ToListAsync(cancellationToken);
    }

    internal static IQueryable<OutboxRow> Messages(RemindersDb db, long person) =>
        db
            .Outbox.AsNoTracking()
            .Include(message => message.Occurrence)
                .ThenInclude(occurrence => occurrence.Subject)
            .Where(message => message.Occurrence.RecipientId == person)
            .OrderByDescending(message => message.OccurrenceId)
            .Take(Most);
}
