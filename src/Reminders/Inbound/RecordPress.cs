using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Outbox;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>A press on a button: moves the booking by a guarded update, once, however often it arrives.</summary>
/// <param name="ProviderId">The update it came in, for the record.</param>
internal sealed record RecordPress(string ProviderId, Press Press) : ICommand<PressResult>;

/// <param name="Text">What to tell the presser.</param>
internal sealed record PressResult(AnswerEffect Effect, string Text);

internal sealed class RecordPressHandler(
    CommandTransaction db,
    PressedMessages messages,
    ChannelCatalog channels,
    AnswerReplies replies,
    AnswerTexts texts
) : IRequestHandler<RecordPress, PressResult>
{
    public async Task<PressResult> Handle(RecordPress request, CancellationToken cancellationToken)
    {
        var press = request.Press;
        if (
            !ButtonData.TryParse(press.Data, out var action, out var token)
            || await messages.FindAsync(token, cancellationToken) is not { } message
            || message.Channel != press.Channel
        )
        {
            return Answer(press.Locale, AnswerEffect.Unknown);
        }

        if (!press.IsFrom(message.Address, message.ProviderMessageId, channels.Of(press.Channel).Address))
        {
            await RecordRefusedAsync(message.Id, action, request, cancellationToken);
            return Answer(press.Locale, AnswerEffect.NotYours);
        }
        if (press is { From: null, Alias: { } alias })
        {
            await LearnAsync(message, alias, cancellationToken);
        }

        var effect = await messages.TakeAsync(message, action, "press", request.ProviderId, press.MessageId, cancellationToken);
        return new(effect, await replies.ForAsync(message, effect, action, cancellationToken));
    }

    /// <summary>From now on a STOP or a question of theirs, which has no token in it, is theirs as well.</summary>
    private async Task LearnAsync(PressedMessage message, string alias, CancellationToken cancellationToken)
    {
        await using var learn = db.Command(
                """
                UPDATE reminders.address SET alias = $3 WHERE recipient_id = $1 AND channel = $2 AND alias IS DISTINCT FROM $3
                """
            )
            .With(message.RecipientId, message.Channel, alias);
        await learn.ExecuteNonQueryAsync(cancellationToken);
    }

    // For the story; bounded, because whoever sees a message in a group can press it for ever.
    private async Task RecordRefusedAsync(long messageId, string action, RecordPress request, CancellationToken cancellationToken)
    {
        await using var refused = db.Command(
                """
                INSERT INTO reminders.press (message_id, action, effect, sender, provider_id)
                SELECT $1, $2, $3, $4, $5
                WHERE (SELECT count(*) FROM reminders.press WHERE message_id = $1 AND effect = $3) < 10
                """
            )
            .With(
                messageId,
                action,
                nameof(AnswerEffect.NotYours),
                request.Press.From ?? request.Press.Alias ?? "unnamed",
                request.ProviderId
            );
        await refused.ExecuteNonQueryAsync(cancellationToken);
    }

    private PressResult Answer(string locale, AnswerEffect effect) => new(effect, texts.For(locale, effect));
}
