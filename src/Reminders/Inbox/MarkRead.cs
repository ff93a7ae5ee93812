using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Inbox;

/// <summary>A person has read an item. Read again, it keeps the time it was first read; another person's is not there.</summary>
internal sealed record MarkRead(long RecipientId, long Id) : ICommand<Outcome<InboxItem>>;

internal sealed class MarkReadHandler(CommandTransaction db, InboxText text) : IRequestHandler<MarkRead, Outcome<InboxItem>>
{
    public async Task<Outcome<InboxItem>> Handle(MarkRead request, CancellationToken cancellationToken)
    {
        await using (
            var mark = db.Command(
                    """
                    UPDATE reminders.inbox_item SET read_at = clock_timestamp() WHERE id = $1 AND recipient_id = $2 AND read_at IS NULL
                    """
                )
                .With(request.Id, request.RecipientId)
        )
        {
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }
        // A statement of its own: one that waited for another's mark would not see it.
        await using var read = db.Command(
                $"""
                SELECT {InboxItem.Columns} FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id
                WHERE i.id = $1 AND i.recipient_id = $2
                """
            )
            .With(request.Id, request.RecipientId);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Outcome<InboxItem>.Done(InboxItem.Read(reader, 0, text))
            : Outcome<InboxItem>.NotFound.Of("no_notification", request.Id);
    }
}
