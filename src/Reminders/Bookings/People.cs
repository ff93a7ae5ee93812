using System.Globalization;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>Finds or writes the people a booking names.</summary>
internal sealed class People(RemindersDb db, Caller caller)
{
    /// <summary>
    /// The same reference of one owner is the same person, whoever books them and on whichever node, and were they erased
    /// meanwhile: one atomic upsert. A chat id given here counts only while the person has none, or none that works: what they
    /// bound themselves is better known.
    /// </summary>
    /// <param name="owner">The booking's.</param>
    public async Task<long> UpsertAsync(PersonDraft person, string owner, CancellationToken cancellationToken)
    {
        var reference = person.Reference
            ?? (person.TelegramChatId is { } chat ? string.Create(CultureInfo.InvariantCulture, $"telegram:{chat}") : $"anonymous:{Guid.CreateVersion7()}");
        await using var upsert = db.Command("""
            INSERT INTO reminders.recipient AS r (owner, reference, name, locale, zone, quiet_from, quiet_to)
            VALUES ($7, $1, $2, coalesce($3, 'en'), coalesce($4, 'UTC'), $5::time, $6::time)
            ON CONFLICT ON CONSTRAINT recipient_identity DO UPDATE
            SET reference = excluded.reference, erased_at = NULL,
                name = excluded.name, locale = coalesce($3, r.locale), zone = coalesce($4, r.zone),
                quiet_from = coalesce($5::time, r.quiet_from), quiet_to = coalesce($6::time, r.quiet_to)
            RETURNING id
            """).With(reference, person.Name!.Trim(), person.Locale, person.Zone,
                person.QuietHours?.From, person.QuietHours?.To, owner);
        var id = (long)(await upsert.ExecuteScalarAsync(cancellationToken))!;
        if (person.TelegramChatId is { } chatId && await AddressAsync(id, chatId, cancellationToken))
            await db.ResumeWaitingAsync([id], cancellationToken);
        return id;
    }

    private async Task<bool> AddressAsync(long id, long chatId, CancellationToken cancellationToken)
    {
        await using var address = db.Command("""
            WITH former AS (SELECT address FROM reminders.address WHERE recipient_id = $1 AND channel = 'telegram'),
            kept AS (
                INSERT INTO reminders.address AS a (recipient_id, channel, address) VALUES ($1, 'telegram', $2)
                ON CONFLICT (recipient_id, channel) DO UPDATE
                SET address = excluded.address, state = 'reachable', reason = NULL, changed_at = now()
                WHERE a.state = 'unreachable' AND a.address <> excluded.address
                RETURNING address)
            INSERT INTO reminders.audit (actor, action, about, before, after)
            SELECT $3, 'address.change', 'recipient #' || $1, (SELECT jsonb_build_object('telegram', reminders.masked(address)) FROM former),
                   jsonb_build_object('telegram', reminders.masked(address))
            FROM kept
            """).With(id, chatId.ToString(CultureInfo.InvariantCulture), caller.Name);
        return await address.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
