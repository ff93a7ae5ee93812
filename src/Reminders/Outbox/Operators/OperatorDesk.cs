using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Outbox.Operators;

/// <summary>A message in an operator's hands, locked with all it depends on for the rest of the transaction.</summary>
/// <param name="Obstacle">Why it may not be sent again; null when it may.</param>
/// <param name="Next">The message that has the next number already, if there is one.</param>
internal sealed record MessageInHand(
    long Id, long SubjectId, string Operation, int Number, MessageState State, string? Obstacle, long? Next)
{
    public bool IsSend => Operation == "send";
    public string Name => $"Message {Id}";
}

/// <summary>What an operator's action came to.</summary>
/// <param name="State">Of the message that was acted on.</param>
/// <param name="NewMessageId">The message that takes its place, if one does.</param>
internal sealed record OperatorResult(long MessageId, string State, string? Reason, long? NewMessageId = null, int? NewNumber = null);

/// <summary>The steps that operators' commands have in common; the folder's README says why they are safe.</summary>
internal sealed class OperatorDesk(
    CommandTransaction db, KindCatalog kinds, IEnumerable<ServedChannel> served, Signals signals, AfterCommit afterCommit, Caller caller)
{
    public static IReadOnlyDictionary<string, string[]> Check(string? reason)
    {
        var errors = new FieldErrors();
        errors.Text("reason", reason, 1000, required: true);
        return errors.All;
    }

    /// <summary>Who decides.</summary>
    public string CallerName => caller.Name;

    /// <summary>
    /// Subject, occurrence, message: the order of <see cref="SubjectFence"/>. Null when there is no such message; to whoever may not
    /// decide about messages, there is none.
    /// </summary>
    public async Task<MessageInHand?> TakeAsync(long messageId, CancellationToken cancellationToken)
    {
        if (!caller.Operates)
            return null;
        // Each lock is a statement of its own: one that had to wait sees what the one before it has committed.
        await RunAsync("""
            SELECT FROM reminders.subject s WHERE s.id = (
                SELECT o.subject_id FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id WHERE m.id = $1)
            FOR NO KEY UPDATE
            """, cancellationToken, messageId);
        await RunAsync("""
            SELECT FROM reminders.occurrence WHERE id = (SELECT occurrence_id FROM reminders.outbox WHERE id = $1) FOR NO KEY UPDATE
            """, cancellationToken, messageId);
        await RunAsync("SELECT FROM reminders.outbox WHERE id = $1 FOR NO KEY UPDATE", cancellationToken, messageId);
        await using var judge = db.Command(Judge).With(messageId, kinds.Kinds.Keys.ToArray(), served.Select(channel => channel.Name).ToArray());
        await using var reader = await judge.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3),
                MessageStates.FromColumn(reader.GetString(4)), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6))
            : null;
    }

    /// <summary>Whether the message was still in doubt, and so is settled now.</summary>
    public async Task<bool> SettleAsync(MessageInHand message, MessageState state, string reason, CancellationToken cancellationToken)
    {
        await using var settle = db.Command("""
            UPDATE reminders.outbox SET state = $2, reason = $3, settled_at = clock_timestamp() WHERE id = $1 AND state = 'uncertain'
            """).With(message.Id, state.ToColumn(), reason);
        return await settle.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Writes the message with the next number; null when that number is taken.</summary>
    public async Task<long?> SendAgainAsync(MessageInHand message, CancellationToken cancellationToken)
    {
        await using var insert = db.Command("""
            INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, number, state, due_at, useful_until)
            SELECT occurrence_id, kind, recipient_id, channel, 'send', number + 1, 'pending', now(), useful_until
            FROM reminders.outbox WHERE id = $1
            ON CONFLICT ON CONSTRAINT outbox_identity DO NOTHING
            RETURNING id
            """).With(message.Id);
        if (await insert.ExecuteScalarAsync(cancellationToken) is not long id)
            return null;
        // What was skipped because this one never was sent (KindDefinition.After) is to be judged anew.
        await RunAsync("""
            UPDATE reminders.occurrence f SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
            FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
            WHERE m.id = $1 AND f.subject_id = o.subject_id AND f.version = o.version AND f.state = 'skipped'
              AND starts_with(f.reason, o.kind || ' was not sent')
            """, cancellationToken, message.Id);
        // An operator may sit at a machine that sends nothing, so the nodes are told as well.
        await RunAsync("SELECT pg_notify('reminders_outbox', '')", cancellationToken);
        afterCommit.Add(_ => { signals.OutboxWritten(); return Task.CompletedTask; });
        return id;
    }

    /// <summary>For the recruiter, as when the dispatcher gives a reminder up: the candidate was not reminded.</summary>
    public async Task TellSkippedAsync(MessageInHand message, CancellationToken cancellationToken)
    {
        await RunAsync("""
            INSERT INTO reminders.event (subject_id, name, cause)
            SELECT o.subject_id, 'reminder_skipped', 'message ' || m.id || ' was settled as not delivered'
            FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id WHERE m.id = $1 AND o.has_buttons
            """, cancellationToken, message.Id);
        await RunAsync("SELECT pg_notify('reminders_due', '')", cancellationToken);
        afterCommit.Add(_ => { signals.Due.Set(); return Task.CompletedTask; });
    }

    public Task RecordAsync(MessageInHand message, string action, string reason, CancellationToken cancellationToken) => RunAsync(
        "INSERT INTO reminders.operator_action (message_id, action, reason, acted_by) VALUES ($1, $2, $3, $4)",
        cancellationToken, message.Id, action, reason, caller.Name);

    private async Task RunAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = db.Command(sql).With(values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // What the last look before the first byte would say (StillWanted), and what nobody would look at: asked beforehand, so
    // that a person hears why at once, and not by silence.
    private const string Judge = $"""
        SELECT j.id, j.subject_id, j.operation, j.number, j.state,
               CASE WHEN j.unwanted LIKE 'superseded by %' THEN 'the subject has moved on: this was for version ' || j.version || ', ' || j.unwanted
                    WHEN j.unwanted LIKE 'subject is %' THEN 'it is not wanted any more: the ' || j.unwanted
                    WHEN j.unwanted IS NOT NULL THEN 'it is not wanted any more: ' || j.unwanted
                    WHEN j.past_use THEN 'it was of use until ' || to_char(j.useful_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
                    WHEN last_told.told = d.told THEN 'the recipient was told the same before (row ' || last_told.id || '), and nothing else since'
                    WHEN other.id IS NOT NULL THEN 'message ' || other.id || ' of the same reminder is ' || other.state
                    WHEN j.opted_out IS NOT NULL THEN j.opted_out
                    WHEN j.unreachable = 'no address on the channel' THEN 'the recipient has no address on ' || j.channel
                    WHEN j.unreachable IS NOT NULL THEN 'the ' || j.unreachable
                    WHEN j.kind <> ALL ($2) THEN 'the kind ' || j.kind || ' is not configured any more, so nobody would send it'
                    WHEN j.channel <> ALL ($3) THEN 'the channel ' || j.channel || ' is not set up, so nobody would send it'
               END,
               (SELECT n.id FROM reminders.outbox n
                WHERE n.occurrence_id = j.occurrence_id AND n.channel = j.channel AND n.operation = 'send' AND n.number = j.number + 1)
        FROM (SELECT a.*, o.subject_id, o.version, {StillWanted.Columns}
              FROM reminders.outbox a
              JOIN reminders.occurrence o ON o.id = a.occurrence_id
              JOIN reminders.subject s ON s.id = o.subject_id
              {StillWanted.Joins}
              WHERE a.id = $1) j
        JOIN reminders.occurrence d ON d.id = j.occurrence_id
        {LastTold.Join}
        LEFT JOIN LATERAL (
            SELECT x.id, x.state FROM reminders.outbox x
            WHERE x.occurrence_id = j.occurrence_id AND x.id <> j.id AND x.operation = 'send' AND x.state NOT IN ('dead', 'cancelled')
            ORDER BY x.id DESC LIMIT 1) other ON true
        """;
}
