using System.Globalization;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Bookings;

/// <summary>Finds or writes the people a booking names.</summary>
internal sealed class BookingPeople(CommandTransaction db, Caller caller)
{
    /// <summary>
    /// The same reference of one owner is the same person, whoever books them and on whichever node, and were they erased
    /// meanwhile: one atomic upsert. A chat id given here counts only while the person has none, or none that works: what they
    /// bound themselves is better known.
    /// </summary>
    /// <remarks>
    /// Who is known just so is not written again: a recruiter is in every booking of a busy hour, and were their row written
    /// each time, all those bookings would wait for one another, commit by commit. The first bookings of somebody new wait for the
    /// one that writes them, and then find them known.
    /// </remarks>
    /// <param name="owner">The booking's.</param>
    public async Task<long> UpsertAsync(PersonDraft person, string owner, CancellationToken cancellationToken)
    {
        var reference = ReferenceOf(person);
        var id =
            await KnownAsync(person, reference, owner, cancellationToken)
            ?? await AddAsync(person, reference, owner, cancellationToken)
            ?? await KnownAsync(person, reference, owner, cancellationToken)
            ?? await ChangeAsync(person, reference, owner, cancellationToken);
        if (person.TelegramChatId is { } chatId && await AddressAsync(id, chatId, cancellationToken))
        {
            await db.ResumeWaitingAsync([id], cancellationToken);
        }

        return id;
    }

    /// <summary>Whether a booking that names this person names the one of that number.</summary>
    public async Task<bool> IsAsync(long id, PersonDraft person, string owner, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                "SELECT EXISTS (SELECT FROM reminders.recipient WHERE id = $1 AND owner = $2 AND reference = $3 AND erased_at IS NULL)"
            )
            .With(id, owner, ReferenceOf(person));
        return (bool)(await find.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string ReferenceOf(PersonDraft person) =>
        person.Reference
        ?? (
            person.TelegramChatId is { } chat
                ? string.Create(CultureInfo.InvariantCulture, $"{ChannelNames.Chat}:{chat}")
                : $"anonymous:{Guid.CreateVersion7()}"
        );

    /// <summary>The person as they are known, held against their erasure only. Null: unknown, or something is new.</summary>
    private async Task<long?> KnownAsync(PersonDraft person, string reference, string owner, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT id FROM reminders.recipient
                WHERE owner = $7 AND reference = $1 AND erased_at IS NULL
                  AND name = $2 AND locale = coalesce($3, locale) AND zone = coalesce($4, zone)
                  AND ($5::time IS NULL OR quiet_from = $5::time) AND ($6::time IS NULL OR quiet_to = $6::time)
                FOR KEY SHARE
                """
            )
            .With(Values(person, reference, owner));
        return (long?)await find.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Null: somebody of this reference is there already, or was written while this waited.</summary>
    private async Task<long?> AddAsync(PersonDraft person, string reference, string owner, CancellationToken cancellationToken)
    {
        await using var insert = db.Command(
                """
                INSERT INTO reminders.recipient (owner, reference, name, locale, zone, quiet_from, quiet_to)
                VALUES ($7, $1, $2, coalesce($3, 'en'), coalesce($4, 'UTC'), $5::time, $6::time)
                ON CONFLICT ON CONSTRAINT recipient_identity DO NOTHING
                RETURNING id
                """
            )
            .With(Values(person, reference, owner));
        return (long?)await insert.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<long> ChangeAsync(PersonDraft person, string reference, string owner, CancellationToken cancellationToken)
    {
        await using var upsert = db.Command(
                """
                INSERT INTO reminders.recipient AS r (owner, reference, name, locale, zone, quiet_from, quiet_to)
                VALUES ($7, $1, $2, coalesce($3, 'en'), coalesce($4, 'UTC'), $5::time, $6::time)
                ON CONFLICT ON CONSTRAINT recipient_identity DO UPDATE
                SET reference = excluded.reference, erased_at = NULL,
                    name = excluded.name, locale = coalesce($3, r.locale), zone = coalesce($4, r.zone),
                    quiet_from = coalesce($5::time, r.quiet_from), quiet_to = coalesce($6::time, r.quiet_to)
                RETURNING id
                """
            )
            .With(Values(person, reference, owner));
        return (long)(await upsert.ExecuteScalarAsync(cancellationToken))!;
    }

    private static object?[] Values(PersonDraft person, string reference, string owner) =>
        [reference, person.Name!.Trim(), person.Locale, person.Zone, person.QuietHours?.From, person.QuietHours?.To, owner];

    private async Task<bool> AddressAsync(long id, long chatId, CancellationToken cancellationToken)
    {
        await using var address = db.Command(Statement.Named("Bookings/Sql/keep-chat.sql"))
            .With(id, chatId.ToString(CultureInfo.InvariantCulture), caller.Name, ChannelNames.Chat);
        return await address.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
