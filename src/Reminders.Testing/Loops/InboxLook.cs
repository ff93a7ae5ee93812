using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Inbox;
using Reminders.Storage;
using Reminders.Testing.Post;

namespace Reminders.Testing.Loops;

/// <summary>What came into people's inboxes, which no sender delivers: it is written where it fires, and read by who looks.</summary>
internal sealed class InboxLook(PostOffice post)
{
    private long _seen;

    public async Task LookAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var text = services.GetRequiredService<InboxText>();
        await using var look = services
            .GetRequiredService<Database>()
            .CreateCommand(
                $"""
                SELECT r.reference, {InboxItem.Columns}
                FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id WHERE i.id > $1 ORDER BY i.id
                """
            )
            .With(_seen);
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var item = InboxItem.Read(reader, 1, text);
            _seen = item.Id;
            post.Record(
                new()
                {
                    Kind = item.Kind,
                    Channel = "inbox",
                    To = reader.GetString(0),
                    Name = reader.GetString(9),
                    Address = "",
                    About = item.SubjectKey,
                    Text = item.Message,
                    At = item.CreatedAt,
                    Outcome = new SendResult.Sent($"{item.Id}"),
                    ProviderMessageId = $"{item.Id}",
                }
            );
        }
    }
}
