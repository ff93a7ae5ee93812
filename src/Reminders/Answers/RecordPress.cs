using MediatR;
using Reminders.Outbox;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>A press on a button: moves the booking by a guarded update, once, however often it arrives.</summary>
/// <param name="ProviderId">The update it came in, for the record.</param>
internal sealed record RecordPress(string ProviderId, Press Press) : ICommand<PressResult>;

/// <param name="Text">What to tell the presser.</param>
internal sealed record PressResult(AnswerEffect Effect, string Text);

internal sealed class RecordPressHandler(RemindersDb db, SubjectChanges changes, AnswerTexts texts)
    : IRequestHandler<RecordPress, PressResult>
{
    public async Task<PressResult> Handle(RecordPress request, CancellationToken cancellationToken)
    {
        var press = request.Press;
        if (!ButtonData.TryParse(press.Data, out var action, out var token)
            || await FindAsync(press.Channel, token, cancellationToken) is not { } message)
            return Answer(press.Locale, AnswerEffect.Unknown);
        if (!press.IsFrom(message.Address))
        {
            await RecordRefusedAsync(message.Id, action, request, cancellationToken);
            return Answer(press.Locale, AnswerEffect.NotYours);
        }

        var effect = await DecideAsync(message, action, cancellationToken);
        await DeliveryProof.RecordAsync(db, message.Id, press.MessageId, "a press proved it was delivered", cancellationToken);
        if (effect is AnswerEffect.Confirmed or AnswerEffect.Declined)
        {
            await using var answer = db.Command("""
                UPDATE reminders.subject SET status = $2, revision = revision + 1, changed_at = now()
                WHERE id = $1 AND status IN ('approved', 'confirmed') AND status <> $2
                """).With(message.SubjectId, effect.ToString().ToLowerInvariant());
            await answer.ExecuteNonQueryAsync(cancellationToken);
            await changes.ApplyAsync(message.SubjectId, effect.ToString().ToLowerInvariant(), "press", cancellationToken);
        }
        else
        {
            // A press may have proved that a message in doubt was delivered; if it is out of date, it has to be edited.
            await changes.ApplyAsync(message.SubjectId, null, "press", cancellationToken);
        }
        await using var record = db.Command("""
            INSERT INTO reminders.press (message_id, action, effect, sender, provider_id) VALUES ($1, $2, $3, $4, $5)
            """).With(message.Id, action, effect.ToString(), message.Address, request.ProviderId);
        await record.ExecuteNonQueryAsync(cancellationToken);
        return Answer(message.Locale, effect);
    }

    // For the story; bounded, because whoever sees a message in a group can press it for ever.
    private async Task RecordRefusedAsync(long messageId, string action, RecordPress request, CancellationToken cancellationToken)
    {
        await using var refused = db.Command("""
            INSERT INTO reminders.press (message_id, action, effect, sender, provider_id)
            SELECT $1, $2, $3, $4, $5
            WHERE (SELECT count(*) FROM reminders.press WHERE message_id = $1 AND effect = $3) < 10
            """).With(messageId, action, nameof(AnswerEffect.NotYours), request.Press.From, request.ProviderId);
        await refused.ExecuteNonQueryAsync(cancellationToken);
    }

    private PressResult Answer(string locale, AnswerEffect effect) => new(effect, texts.For(locale, effect));

    private sealed record PressedMessage(long Id, long OccurrenceId, long SubjectId, long RecipientId, string Address, string Locale);

    private async Task<PressedMessage?> FindAsync(string channel, Guid token, CancellationToken cancellationToken)
    {
        await using var find = db.Command("""
            SELECT m.id, m.occurrence_id, o.subject_id, m.recipient_id, a.address, r.locale
            FROM reminders.outbox m
            JOIN reminders.occurrence o ON o.id = m.occurrence_id
            JOIN reminders.recipient r ON r.id = m.recipient_id
            JOIN reminders.address a ON a.recipient_id = m.recipient_id AND a.channel = m.channel
            WHERE m.press_token = $1 AND m.operation = 'send' AND m.channel = $2
            """).With(token, channel);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5))
            : null;
    }

    private async Task<AnswerEffect> DecideAsync(PressedMessage message, string action, CancellationToken cancellationToken)
    {
        await using (var hold = db.Command("SELECT FROM reminders.subject WHERE id = $1 FOR NO KEY UPDATE").With(message.SubjectId))
            await hold.ExecuteNonQueryAsync(cancellationToken);
        // A statement of its own, so that it sees what the one we waited for has committed.
        await using var judge = db.Command("""
            SELECT s.status, reminders.still_says_so($2), s.happens_at <= clock_timestamp(),
                   EXISTS (SELECT FROM reminders.party p WHERE p.subject_id = s.id AND p.recipient_id = $3)
            FROM reminders.subject s WHERE s.id = $1
            """).With(message.SubjectId, message.OccurrenceId, message.RecipientId);
        await using var reader = await judge.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return AnswerRules.Decide(
            action, reader.GetString(0), stillSaysSo: reader.GetBoolean(1), isParty: reader.GetBoolean(3),
            hasBegun: !reader.IsDBNull(2) && reader.GetBoolean(2));
    }
}
