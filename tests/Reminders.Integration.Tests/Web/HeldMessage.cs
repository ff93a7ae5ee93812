namespace Reminders.Integration.Tests.Web;

/// <summary>A reminder of a new booking in a state that waits for a person, put there as a lost reply would have.</summary>
internal sealed record HeldMessage(string Booking, long Id)
{
    private static int _chats = 20_000;

    public static async Task<HeldMessage> CreateAsync(
        WebNode node,
        string state = "uncertain",
        string reason = "no whole reply within 15 s"
    )
    {
        var booking = await node.BookAsync("Anna", Interlocked.Increment(ref _chats));
        await node.PostAsync($"/api/bookings/{booking}/approve");
        var id = await node.ScalarAsync<long>(
            """
            WITH fired AS (
                UPDATE reminders.occurrence o SET state = 'fired', fired_at = now(), fired_by = 'node7'
                FROM reminders.subject s WHERE s.id = o.subject_id AND s.key = $1 AND o.kind = 'CONFIRM_2H'
                RETURNING o.id, o.kind, o.recipient_id, o.useful_until),
            message AS (
                INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, reason, due_at, useful_until,
                                              attempts, lease_token, send_started_at, settled_at)
                SELECT id, kind, recipient_id, 'telegram', 'send', $2, $3, now(), useful_until, 1, 1, now(), clock_timestamp() FROM fired
                RETURNING id),
            tried AS (
                INSERT INTO reminders.attempt (message_id, lease_token, node, started_at, outcome, detail)
                SELECT id, 1, 'node7', now(), CASE $2 WHEN 'dead' THEN 'rejected' ELSE $2 END, $3 FROM message)
            SELECT id FROM message
            """,
            booking,
            state,
            reason
        );
        return new(booking, id);
    }

    public Task<string> StateAsync(WebNode node) => node.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE id = $1", Id);

    public Task<long> SendsAsync(WebNode node) =>
        node.ScalarAsync<long>(
            """
            SELECT count(*) FROM reminders.outbox WHERE operation = 'send' AND occurrence_id = (SELECT occurrence_id FROM reminders.outbox
                WHERE id = $1)
            """,
            Id
        );

    public Task<long> AuditedAsync(WebNode node) =>
        node.ScalarAsync<long>(
            "SELECT count(*) FROM reminders.operator_action WHERE message_id = $1 AND acted_by = 'api:ops' AND reason <> ''",
            Id
        );
}
