using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Inbound;

/// <summary>The message an answer came from, by the token it carries, and its recipient as they are now.</summary>
internal sealed record PressedMessage(
    long Id,
    long OccurrenceId,
    string Kind,
    long SubjectId,
    long RecipientId,
    string Channel,
    string Address,
    string? ProviderMessageId,
    string Locale
);

/// <summary>Takes answers that came from a message: what they do, their proof of delivery, and the record of them.</summary>
internal sealed class PressedMessages(CommandTransaction db, AnswerDesk desk, KindCatalog kinds)
{
    /// <returns>Null when no message carries the token, or its recipient has no address on its channel any more.</returns>
    public async Task<PressedMessage?> FindAsync(Guid token, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT m.id, m.occurrence_id, o.kind, o.subject_id, m.recipient_id, m.channel, a.address, m.provider_message_id, r.locale
                FROM reminders.outbox m
                JOIN reminders.occurrence o ON o.id = m.occurrence_id
                JOIN reminders.recipient r ON r.id = m.recipient_id
                JOIN reminders.address a ON a.recipient_id = m.recipient_id AND a.channel = m.channel
                WHERE m.press_token = $1 AND m.operation = 'send'
                """
            )
            .With(token);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.GetString(8)
            )
            : null;
    }

    /// <param name="way">Which way it came, for the ledger: press, link.</param>
    /// <param name="providerId">The update it came in, for the record.</param>
    /// <param name="providerMessageId">The provider's id of the message, where the answer tells it.</param>
    public async Task<AnswerEffect> TakeAsync(
        PressedMessage message,
        string action,
        string way,
        string providerId,
        string? providerMessageId,
        CancellationToken cancellationToken
    )
    {
        var answer = kinds.Answer(message.Kind, action);
        var effect = await DecideAsync(message, answer, cancellationToken);
        await using (
            var record = db.Command(
                    """
                    INSERT INTO reminders.press (message_id, action, effect, sender, provider_id) VALUES ($1, $2, $3, $4, $5)
                    """
                )
                .With(message.Id, action, effect.ToString(), message.Address, providerId)
        )
        {
            await record.ExecuteNonQueryAsync(cancellationToken);
        }

        await DeliveryProof.RecordAsync(db, message.Id, providerMessageId, Reasons.Of("proved_by", way), cancellationToken);
        await desk.ApplyAsync(message.SubjectId, effect, answer, message, way, cancellationToken);
        return effect;
    }

    private async Task<AnswerEffect> DecideAsync(PressedMessage message, AnswerDefinition? answer, CancellationToken cancellationToken)
    {
        await using (var hold = db.Command("SELECT FROM reminders.subject WHERE id = $1 FOR NO KEY UPDATE").With(message.SubjectId))
        {
            await hold.ExecuteNonQueryAsync(cancellationToken);
        }
        // A statement of its own, so that it sees what the one we waited for has committed.
        await using var judge = db.Command(
                """
                SELECT reminders.question(s), reminders.standing_answer(s), reminders.still_says_so($2), s.happens_at <= clock_timestamp(),
                       EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = $3)
                FROM reminders.subject s WHERE s.id = $1
                """
            )
            .With(message.SubjectId, message.OccurrenceId, message.RecipientId);
        await using var reader = await judge.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return AnswerRules.Decide(
            answer,
            new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)),
            stillSaysSo: reader.GetBoolean(2),
            isParty: reader.GetBoolean(4),
            hasBegun: !reader.IsDBNull(3) && reader.GetBoolean(3)
        );
    }
}
