using Npgsql;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Texts;
using Reminders.Zones;

namespace Reminders.Web.Console.Reads;

/// <summary>How far a message has come that is shown as it stands with its reader.</summary>
internal enum ChatStage
{
    /// <summary>Nothing is there yet.</summary>
    Before,

    /// <summary>Nobody knows whether it is.</summary>
    InDoubt,

    /// <summary>It is there as it was sent.</summary>
    Sent,

    /// <summary>It was sent otherwise, and changed to this.</summary>
    Edited,

    /// <summary>It was sent otherwise, and is to be changed to this.</summary>
    BeingEdited,

    /// <summary>It was given up, or dropped.</summary>
    Never,
}

/// <param name="Texts">One, or several where it was too long for one; none where it cannot be written.</param>
/// <param name="Earlier">That it was sent, or changed, under other texts than stand now; null where it was not.</param>
/// <param name="Problem">Why it cannot be written: a reason.</param>
internal sealed record ChatMessage(
    string Kind,
    string Channel,
    string Reader,
    string Locale,
    string Zone,
    ChatStage Stage,
    DateTimeOffset? SentAt,
    DateTimeOffset? EditedAt,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string> Buttons,
    string? Problem,
    EarlierText? Earlier = null
);

/// <summary>What somebody has in their chat, written by the engine's own renderer from the rows as they are now.</summary>
internal sealed class ChatReader(CommandTransaction db, KindCatalog kinds, MessageRenderer renderer, SentTexts texts)
{
    public Task<ChatMessage?> OfBookingAsync(Guid booking, CancellationToken cancellationToken) =>
        ReadAsync(booking.ToString(), null, cancellationToken);

    public Task<ChatMessage?> OfMessageAsync(long message, CancellationToken cancellationToken) =>
        ReadAsync(null, message, cancellationToken);

    private async Task<ChatMessage?> ReadAsync(string? booking, long? message, CancellationToken cancellationToken)
    {
        (ChatMessage Shown, DateTimeOffset BegunAt, string[] Says)? written;
        await using (var read = db.Command(WebStatement.Named("Console/Reads/Sql/chat.sql")).With(booking, message))
        {
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            written = await reader.ReadAsync(cancellationToken) ? Write(reader) : null;
        }

        return written is not var (shown, begunAt, says) ? null
            : begunAt == default ? shown
            : shown with { Earlier = await texts.FindAsync(shown.Kind, shown.Locale, begunAt, _ => says, cancellationToken) };
    }

    /// <returns>With when it was begun to be sent or changed to what it is, if it was, and the texts that say so.</returns>
    private (ChatMessage Shown, DateTimeOffset BegunAt, string[] Says)? Write(NpgsqlDataReader row)
    {
        if (kinds.Find(row.GetString(0)) is not { } kind)
        {
            return null;
        }

        var (standing, state) = (Enum.Parse<Standing>(row.GetString(9), ignoreCase: true), Text(10));
        var (sentAt, editedAt) = (Instant(11), Instant(12));
        var stage = state switch
        {
            "sent" when row.GetBoolean(13) || (editedAt is null && standing != Standing.Current) => ChatStage.BeingEdited,
            "sent" => editedAt is null ? ChatStage.Sent : ChatStage.Edited,
            "uncertain" => ChatStage.InDoubt,
            "dead" or "cancelled" => ChatStage.Never,
            _ => ChatStage.Before,
        };
        var isEdited = stage is ChatStage.Edited or ChatStage.BeingEdited;
        var shown = ChatWriter.Write(
            renderer,
            kinds,
            kind,
            Text(1) ?? kind.Channels.FirstOrDefault() ?? "",
            new(row.GetString(2), row.GetString(3), row.GetString(4)),
            isEdited ? DeliveryOperation.Edit : DeliveryOperation.Send,
            standing,
            row.GetString(5),
            Instant(6),
            row.GetString(7),
            Text(8)
        );
        var (says, buttons) = MessageRenderer.Shown(DeliveryOperation.Edit, standing, row.GetString(5), kind);
        return (
            shown with
            {
                Stage = stage,
                SentAt = state == "sent" ? sentAt : null,
                EditedAt = editedAt,
            },
            stage switch
            {
                ChatStage.Sent or ChatStage.InDoubt => Instant(14) ?? default,
                ChatStage.Edited => Instant(15) ?? default,
                // Whatever it says now, it is about to say something else.
                _ => default,
            },
            isEdited ? [says, .. buttons, .. buttons.Any() ? [TextPrint.Around] : Array.Empty<string>()] : EarlierText.SentBy(kind)
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}

/// <summary>A message as its reader sees it, and for nobody to send.</summary>
internal static class ChatWriter
{
    public static ChatMessage Write(
        MessageRenderer renderer,
        KindCatalog kinds,
        KindDefinition kind,
        string channel,
        Reader reader,
        DeliveryOperation operation,
        Standing standing,
        string status,
        DateTimeOffset? happensAt,
        string subject,
        string? own
    )
    {
        var shown = new ChatMessage(
            kind.Name,
            channel,
            reader.Name,
            reader.Locale,
            reader.Zone,
            ChatStage.Before,
            SentAt: null,
            EditedAt: null,
            Texts: [],
            Buttons: [],
            Problem: null
        );
        try
        {
            // The token and the links are its reader's alone.
            var message = new StartedMessage(
                default,
                kind.Name,
                operation,
                Address: "",
                PressToken: Guid.Empty,
                Attempts: 0,
                status,
                standing,
                happensAt,
                subject,
                own,
                reader.Name,
                reader.Locale,
                reader.Zone,
                TargetProviderId: null,
                StartedAt: default,
                ThrottledAlone: false,
                Timeout.InfiniteTimeSpan,
                UnsubscribeCode: "",
                StableId: ""
            );
            var delivery = renderer.Render(message, kinds.Channels.Of(channel)).Delivery;
            return shown with
            {
                Texts = [.. delivery.Preceding, delivery.Text],
                Buttons = [.. delivery.Buttons.Select(button => button.Label)],
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or UnknownZoneException or FormatException)
        {
            return shown with { Problem = MessageRenderer.WhyNot(exception) };
        }
    }
}
