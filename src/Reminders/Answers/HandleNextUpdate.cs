using System.Text.Json;
using MediatR;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>Takes the oldest update nobody has in hand and does what it says, all in one transaction.</summary>
internal sealed record HandleNextUpdate : ICommand<HandledUpdate?>;

/// <param name="CallbackId">What to answer, if it was a press on a channel that waits for one.</param>
internal sealed record HandledUpdate(string Effect, string? CallbackId = null, string? Text = null);

/// <summary>Which update is being handled: should it throw, its lane knows which one to put aside.</summary>
internal sealed class UpdateInHand
{
    public (string Source, string ProviderId)? Key { get; set; }
}

internal sealed class HandleNextUpdateHandler(
    RemindersDb db, TelegramUpdates telegram, WhatsAppUpdates whatsApp, UpdateInHand inHand, NodeName node)
    : IRequestHandler<HandleNextUpdate, HandledUpdate?>
{
    public async Task<HandledUpdate?> Handle(HandleNextUpdate request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(cancellationToken) is not { } taken)
            return null;
        inHand.Key = taken.Key;
        using var json = JsonDocument.Parse(taken.Payload);
        var handled = taken.Key.Source switch
        {
            UpdateStore.Telegram => await telegram.HandleAsync(taken.Key.ProviderId, json.RootElement, cancellationToken),
            UpdateStore.WhatsApp => await whatsApp.HandleAsync(taken.Key.ProviderId, json.RootElement, cancellationToken),
            var other => throw new InvalidOperationException($"Nobody reads updates from '{other}'."),
        };
        await using var done = db.Command("""
            UPDATE reminders.inbound_update SET state = 'handled', effect = $3, handled_at = clock_timestamp(), handled_by = $4
            WHERE source = $1 AND provider_id = $2
            """).With(taken.Key.Source, taken.Key.ProviderId, handled.Effect, node.Value);
        await done.ExecuteNonQueryAsync(cancellationToken);
        return handled;
    }

    // One person's updates in the order they came: a later one waits while an earlier one is unhandled, on any node.
    private async Task<((string Source, string ProviderId) Key, string Payload)?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var take = db.Command("""
            SELECT u.source, u.provider_id, u.payload::text
            FROM reminders.inbound_update u
            WHERE u.state = 'received' AND u.due_at <= now() AND NOT EXISTS (
                SELECT FROM reminders.inbound_update earlier
                WHERE earlier.state = 'received' AND earlier.sender = u.sender AND earlier.seq < u.seq)
            ORDER BY u.seq LIMIT 1 FOR UPDATE OF u SKIP LOCKED
            """);
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? ((reader.GetString(0), reader.GetString(1)), reader.GetString(2))
            : null;
    }
}
