using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// Somebody has the message: a press on its button, or the provider's own word. A held one is settled as sent; one still in
/// flight keeps the proof, so that the timeout that follows does not make it a doubt.
/// </summary>
internal static class DeliveryProof
{
    /// <param name="providerMessageId">The provider's id of the message, kept where none is yet; null where it is not told.</param>
    /// <returns>Whether there was anything left to prove.</returns>
    public static async Task<bool> RecordAsync(
        CommandTransaction db,
        long messageId,
        string? providerMessageId,
        string reason,
        CancellationToken cancellationToken
    )
    {
        await using var prove = db.Command(
                """
                UPDATE reminders.outbox
                SET provider_message_id = coalesce(provider_message_id, $2), proven = true,
                    state = CASE state WHEN 'uncertain' THEN 'sent' ELSE state END,
                    reason = CASE state WHEN 'uncertain' THEN $3 ELSE reason END
                WHERE id = $1 AND (state = 'uncertain' OR state = 'sending' AND send_started_at IS NOT NULL)
                """
            )
            .With(messageId, providerMessageId, reason);
        return await prove.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
