using System.Globalization;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>Finds or writes the people a booking names.</summary>
internal sealed class People(RemindersDb db)
{
    /// <summary>
    /// The same reference is the same person, whoever books them and on whichever node: one atomic upsert. A chat id given
    /// here counts only while the person has none, or none that works: what they bound themselves is better known.
    /// </summary>
    public async Task<long> UpsertAsync(PersonDraft person, CancellationToken cancellationToken)
    {
        var reference = person.Reference
            ?? (person.TelegramChatId is { } chat ? string.Create(CultureInfo.InvariantCulture, $"telegram:{chat}") : $"anonymous:{Guid.CreateVersion7()}");
        await using var upsert = db.Command("""
            INSERT INTO reminders.recipient AS r (reference, name, locale, zone, quiet_from, quiet_to)
            VALUES ($1, $2, coalesce($3, 'en'), coalesce($4, 'UTC'), $5::time, $6::time)
            ON CONFLICT ON CONSTRAINT recipient_reference DO UPDATE
            SET name = excluded.name, locale = coalesce($3, r.locale), zone = coalesce($4, r.zone),
                quiet_from = coalesce($5::time, r.quiet_from), quiet_to = coalesce($6::time, r.quiet_to)
            RETURNING id
            """).With(reference, person.Name!.Trim(), person.Locale, person.Zone,
                person.QuietHours?.From, person.QuietHours?.To);
        var id = (long)(await upsert.ExecuteScalarAsync(cancellationToken))!;
        if (person.TelegramChatId is { } chatId)
        {
            await using var address = db.Command("""
                INSERT INTO reminders.address AS a (recipient_id, channel, address) VALUES ($1, 'telegram', $2)
                ON CONFLICT (recipient_id, channel) DO UPDATE
                SET address = excluded.address, state = 'reachable', reason = NULL, changed_at = now()
                WHERE a.state = 'unreachable' AND a.address <> excluded.address
                """).With(id, chatId.ToString(CultureInfo.InvariantCulture));
            if (await address.ExecuteNonQueryAsync(cancellationToken) > 0)
                await db.ResumeWaitingAsync([id], cancellationToken);
        }
        return id;
    }
}
