using System.Text.Json;
using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>Takes the oldest update nobody has in hand and does what it says, all in one transaction.</summary>
/// <param name="PutAside">Updates that this node is to leave alone, by their seq: their handling was refused a moment ago.</param>
internal sealed record HandleNextUpdate(params long[] PutAside) : ICommand<HandledUpdate?>;

/// <param name="Acknowledge">
/// Done once all of it is committed, for a channel that waits for a word (a button's spinner). It may never be: a crash forgets it,
/// and what the update did stands.
/// </param>
internal sealed record HandledUpdate(string Effect, Func<CancellationToken, Task>? Acknowledge = null);

/// <summary>Which update is being handled: should it throw, its lane knows which one to put aside.</summary>
internal sealed class UpdateInHand
{
    public UpdateKey? Key { get; set; }
}

/// <param name="Seq">What it is found by while it is not handled: <see cref="ProviderId"/> alone may have come twice.</param>
internal readonly record struct UpdateKey(long Seq, string Source, string ProviderId);

internal sealed class HandleNextUpdateHandler(CommandTransaction db, IEnumerable<IUpdateReader> readers, UpdateInHand inHand, NodeName node)
    : IRequestHandler<HandleNextUpdate, HandledUpdate?>
{
    public async Task<HandledUpdate?> Handle(HandleNextUpdate request, CancellationToken cancellationToken)
    {
        if (await TakeAsync(request.PutAside, cancellationToken) is not { } taken)
        {
            return null;
        }

        inHand.Key = taken.Key;
        using var json = JsonDocument.Parse(taken.Payload);
        var reader =
            readers.FirstOrDefault(one => one.Source == taken.Key.Source)
            ?? throw new InvalidOperationException($"Nobody reads updates from '{taken.Key.Source}'.");
        var handled = await reader.HandleAsync(taken.Key.ProviderId, json.RootElement, cancellationToken);
        await using var done = db.Command(
                """
                UPDATE reminders.inbound_update SET state = 'handled', effect = $3, handled_at = clock_timestamp(), handled_by = $4
                WHERE seq = $1 AND source = $2 AND state = 'received'
                """
            )
            .With(taken.Key.Seq, taken.Key.Source, OutsideText.Clean(handled.Effect), node.Value);
        await done.ExecuteNonQueryAsync(cancellationToken);
        return handled;
    }

    // One person's updates in the order they came: a later one waits while an earlier one is unhandled, on any node. What they do at
    // another bot, where they go by the same id, waits for nothing here.
    private async Task<(UpdateKey Key, string Payload)?> TakeAsync(long[] putAside, CancellationToken cancellationToken)
    {
        await using var take = db.Command(
                """
                SELECT u.seq, u.source, u.provider_id, u.payload::text
                FROM reminders.inbound_update u
                WHERE u.state = 'received' AND u.due_at <= now() AND u.seq <> ALL ($1) AND NOT EXISTS (
                    SELECT FROM reminders.inbound_update earlier
                    WHERE earlier.state = 'received' AND earlier.sender = u.sender AND earlier.source = u.source
                        AND earlier.seq < u.seq)
                ORDER BY u.seq LIMIT 1 FOR UPDATE OF u SKIP LOCKED
                """
            )
            .With(putAside);
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)), reader.GetString(3))
            : null;
    }
}
