using Reminders.Storage;

namespace Reminders.Web.Keys;

/// <param name="Ticket">For one connection: <c>/ws/notifications/?token=rw_…</c>.</param>
internal sealed record NewTicket(string Ticket, DateTimeOffset ExpiresAt);

/// <summary>
/// A browser can only put into the address what opens its live connection, and addresses are kept: by proxies, logs, histories.
/// So it gets a ticket for its token, good once and for a minute, on any node.
/// </summary>
internal sealed class SocketTickets(Database dataSource)
{
    public const string Prefix = "rw_";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <param name="tokenHash">The person's token: the connection lasts no longer than it.</param>
    public async Task<NewTicket> IssueAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        var ticket = RandomSecret.Create(Prefix);
        await using var issue = dataSource
            .CreateCommand(
                """
                WITH past AS (DELETE FROM reminders.socket_ticket WHERE token_hash = $2 AND expires_at <= now())
                INSERT INTO reminders.socket_ticket (hash, token_hash, expires_at) VALUES ($1, $2, now() + $3) RETURNING expires_at
                """
            )
            .With(RandomSecret.Hash(ticket), tokenHash, Life);
        return new(ticket, new DateTimeOffset((DateTime)(await issue.ExecuteScalarAsync(cancellationToken))!));
    }

    /// <summary>Whose it is, and the hash of the token it stands for; null when it is nobody's, used or past. Asked twice, it is
    /// used.</summary>
    public async Task<(AccessGrant Grant, byte[] TokenHash)?> TakeAsync(string ticket, CancellationToken cancellationToken)
    {
        if (!RandomSecret.HasForm(ticket, Prefix))
        {
            return null;
        }

        await using var take = dataSource
            .CreateCommand(
                """
                DELETE FROM reminders.socket_ticket s USING reminders.access_token t, reminders.recipient r
                WHERE s.hash = $1 AND s.expires_at > now() AND t.hash = s.token_hash AND t.expires_at > now() AND r.id = t.recipient_id
                RETURNING t.recipient_id, r.reference, t.hash
                """
            )
            .With(RandomSecret.Hash(ticket));
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new(reader.GetInt64(0), reader.GetString(1)), reader.GetFieldValue<byte[]>(2))
            : null;
    }
}
