using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Outbox.Operators;

/// <summary>A message in an operator's hands, locked with all it depends on for the rest of the transaction.</summary>
/// <param name="Obstacle">Why it may not be sent again, as <see cref="Reasons"/> has it; null when it may.</param>
/// <param name="Next">The message that has the next resend number already, if there is one.</param>
internal sealed record MessageInHand(
    long Id,
    long SubjectId,
    string Operation,
    int ResendNumber,
    MessageState State,
    string? Obstacle,
    long? Next
)
{
    public bool IsSend => Operation == "send";
}

/// <summary>What an operator's action came to.</summary>
/// <param name="State">Of the message that was acted on.</param>
/// <param name="NewMessageId">The message that takes its place, if one does.</param>
internal sealed record OperatorResult(long MessageId, string State, string? Reason, long? NewMessageId = null, int? NewNumber = null);

/// <summary>The steps that operators' commands have in common; the folder's README says why they are safe.</summary>
internal sealed class OperatorDesk(
    CommandTransaction db,
    KindCatalog kinds,
    IEnumerable<ServedChannel> served,
    Signals signals,
    AfterCommit afterCommit,
    Caller caller
)
{
    public static WrongFields Check(string? reason)
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
        {
            return null;
        }
        // Each lock is a statement of its own: one that had to wait sees what the one before it has committed.
        await RunAsync(
            """
            SELECT FROM reminders.subject s WHERE s.id = (
                SELECT o.subject_id FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id WHERE m.id = $1)
            FOR NO KEY UPDATE
            """,
            cancellationToken,
            messageId
        );
        await RunAsync(
            """
            SELECT FROM reminders.occurrence WHERE id = (SELECT occurrence_id FROM reminders.outbox WHERE id = $1) FOR NO KEY UPDATE
            """,
            cancellationToken,
            messageId
        );
        await RunAsync("SELECT FROM reminders.outbox WHERE id = $1 FOR NO KEY UPDATE", cancellationToken, messageId);
        await using var judge = db.Command(Judge)
            .With(messageId, kinds.Kinds.Keys.ToArray(), served.Select(channel => channel.Name).ToArray());
        await using var reader = await judge.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetInt32(3),
                MessageStates.FromColumn(reader.GetString(4)),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6)
            )
            : null;
    }

    /// <summary>Whether the message was still in doubt, and so is settled now.</summary>
    public async Task<bool> SettleAsync(MessageInHand message, MessageState state, string reason, CancellationToken cancellationToken)
    {
        await using var settle = db.Command(
                """
                UPDATE reminders.outbox SET state = $2, reason = $3, settled_at = clock_timestamp() WHERE id = $1 AND state = 'uncertain'
                """
            )
            .With(message.Id, state.ToColumn(), reason);
        return await settle.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Writes the message with the next resend number; null when that number is taken.</summary>
    public async Task<long?> SendAgainAsync(MessageInHand message, CancellationToken cancellationToken)
    {
        await using var insert = db.Command(Statement.Named("Outbox/Operators/Sql/send-again.sql")).With(message.Id);
        if (await insert.ExecuteScalarAsync(cancellationToken) is not long id)
        {
            return null;
        }
        // What was skipped because this one never was sent (KindDefinition.After) is to be judged anew.
        await RunAsync(
            """
            UPDATE reminders.occurrence f SET state = 'planned', reason = NULL, fired_at = NULL, fired_by = NULL
            FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
            WHERE m.id = $1 AND f.subject_id = o.subject_id AND f.version = o.version AND f.state = 'skipped'
              AND (f.reason = 'not_sent ' || o.kind
                OR f.reason ^@ ANY (ARRAY['not_sent ' || o.kind || ': ', o.kind || ' was not sent']))
            """,
            cancellationToken,
            message.Id
        );
        // An operator may sit at a machine that sends nothing, so the nodes are told as well.
        await RunAsync("SELECT pg_notify('reminders_outbox', '')", cancellationToken);
        afterCommit.Add(_ =>
        {
            signals.OutboxWritten();
            return Task.CompletedTask;
        });
        return id;
    }

    /// <summary>For the recruiter, as when the dispatcher gives a reminder up: the candidate was not reminded.</summary>
    public async Task TellSkippedAsync(MessageInHand message, CancellationToken cancellationToken)
    {
        await RunAsync(Statement.Named("Outbox/Operators/Sql/tell-not-delivered.sql"), cancellationToken, message.Id);
        afterCommit.Add(_ =>
        {
            signals.Due.Set();
            return Task.CompletedTask;
        });
    }

    /// <param name="action">As the audit calls it.</param>
    /// <param name="words">As the message's story does.</param>
    public Task RecordAsync(MessageInHand message, string action, string words, string reason, CancellationToken cancellationToken) =>
        RunAsync(
            Statement.Named("Outbox/Operators/Sql/record.sql"),
            cancellationToken,
            message.Id,
            words,
            reason,
            caller.Name,
            action,
            message.State.ToColumn()
        );

    private async Task RunAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = db.Command(sql).With(values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static readonly string Judge = Statement.Named("Outbox/Operators/Sql/judge.sql");
}
