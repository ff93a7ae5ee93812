using MediatR;
using Reminders.Bookings;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Recipients;

/// <summary>
/// A person wants no more messages on a channel, or wants them again: <c>/stop</c> and <c>/start</c> in Telegram, the
/// unsubscribe link in mail. What is queued for them is judged by it before its first byte.
/// </summary>
/// <param name="Address">Whoever has this address on the channel; or else:</param>
/// <param name="Code">whoever has this unsubscribe code.</param>
public sealed record ChangeOptOut(string Channel, bool OptedOut, string? Address = null, string? Code = null) : ICommand<Outcome<OptOutChanged>>;

/// <param name="People">How many have this address, which the app may have given to several.</param>
public sealed record OptOutChanged(int People);

internal sealed class ChangeOptOutHandler(RemindersDb db, SubjectChanges changes, Audit audit) : IRequestHandler<ChangeOptOut, Outcome<OptOutChanged>>
{
    public async Task<Outcome<OptOutChanged>> Handle(ChangeOptOut request, CancellationToken cancellationToken)
    {
        await using var change = db.Command("""
            WITH meant AS MATERIALIZED (
                SELECT a.recipient_id FROM reminders.address a JOIN reminders.recipient r ON r.id = a.recipient_id
                WHERE a.channel = $1 AND (a.address IN ($2, '+' || $2) OR r.unsubscribe_code = $3)),
            changed AS (
                UPDATE reminders.address a
                SET state = CASE WHEN $4 THEN 'opted_out' ELSE 'reachable' END, reason = CASE WHEN $4 THEN 'the person asked for it' END,
                    changed_at = clock_timestamp()
                FROM meant WHERE a.channel = $1 AND a.recipient_id = meant.recipient_id AND (a.state = 'opted_out') <> $4)
            SELECT array(SELECT recipient_id FROM meant ORDER BY recipient_id)
            """);
        change.Parameters.Add(new() { Value = request.Channel });
        change.Parameters.Add(new() { Value = (object?)request.Address ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        change.Parameters.Add(new() { Value = (object?)request.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        change.Parameters.Add(new() { Value = request.OptedOut });
        var people = (long[])(await change.ExecuteScalarAsync(cancellationToken))!;
        if (people.Length == 0)
            return new Outcome<OptOutChanged>.NotFound("Nobody here has that address or link.");
        foreach (var person in people)
        {
            await audit.WriteForAsync(
                request.Address is null ? $"{request.Channel}: their link" : $"{request.Channel}:{request.Address}",
                request.OptedOut ? "address.opt_out" : "address.opt_in", Audit.Person(person), null, new { request.Channel }, cancellationToken);
        }
        if (!request.OptedOut && await db.ResumeWaitingAsync(people, cancellationToken) > 0)
            changes.WakeDue();
        return new Outcome<OptOutChanged>.Done(new(people.Length));
    }
}
