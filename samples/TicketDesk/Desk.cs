using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Reminders;
using Reminders.Notifications;
using Reminders.People;

namespace Samples.TicketDesk;

/// <summary>A change and what is told of it, both or neither. This is all that the desk has to do with the engine.</summary>
public sealed class Desk(DeskDb db, IReminders reminders)
{
    /// <summary>Changes a ticket, and tells those it concerns.</summary>
    /// <returns>Null when there is none of that number.</returns>
    public async Task<Ticket?> ChangeAsync(long id, string by, Func<Ticket, Told?> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Locked: of two who assign at once, the second sees whom the first has assigned.
        var ticket = await db
            .Tickets.FromSql($"""SELECT * FROM desk."Tickets" WHERE "Id" = {id} FOR UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);
        if (ticket is not null)
        {
            await SaveAsync(ticket, change(ticket), by, transaction, cancellationToken);
        }

        return ticket;
    }

    public async Task AddAsync(Ticket ticket, IReadOnlyList<string> assignees, string by, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(ticket);
        // Its number is the notifications' subject.
        await db.SaveChangesAsync(cancellationToken);
        await SaveAsync(ticket, ticket.Assign(assignees, by), by, transaction, cancellationToken);
    }

    public async Task KeepAsync(Colleague colleague, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var addresses = new Dictionary<string, string?> { ["email"] = colleague.Email, ["whatsapp"] = colleague.Phone }
            .Where(one => one.Value is not null)
            .ToDictionary(one => one.Key, one => one.Value!);
        await reminders
            .Within(transaction)
            .SendAsync(new KeepRecipients([new(colleague.Id, colleague.Name, Addresses: addresses)]), cancellationToken);
        db.Entry(colleague).State = await db.Colleagues.AnyAsync(one => one.Id == colleague.Id, cancellationToken)
            ? EntityState.Modified
            : EntityState.Added;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task SaveAsync(
        Ticket ticket,
        Told? told,
        string by,
        IDbContextTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        if (told is not null)
        {
            ticket.Events++;
            var people = await db.Colleagues.Where(one => told.People.Contains(one.Id)).ToListAsync(cancellationToken);
            foreach (var way in people.GroupBy(one => one.NotificationType, one => one.Id))
            {
                await reminders
                    .Within(transaction)
                    .By(by)
                    .NotifyAsync(
                        new Notify(
                            Wire.Name(way.Key),
                            ticket.Id.ToString(CultureInfo.InvariantCulture),
                            ticket.Events,
                            [.. way],
                            Data: Data(ticket, told.Text)
                        ),
                        cancellationToken
                    );
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Dictionary<string, JsonElement> Data(Ticket ticket, string message) =>
        new()
        {
            ["title"] = JsonSerializer.SerializeToElement(ticket.Title),
            ["status"] = JsonSerializer.SerializeToElement(Wire.Name(ticket.Status)),
            ["message"] = JsonSerializer.SerializeToElement(message),
        };
}
