using System.Text.Json;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Inbound;

/// <summary>What a message asks, as it is now, and the texts of its kind in its reader's language.</summary>
/// <param name="SaysSo">Whether what it said is still so.</param>
/// <param name="Over">Whether the time for answers is over.</param>
internal sealed record AskedMessage(
    KindDefinition Kind,
    KindTexts Texts,
    string Status,
    Question Question,
    bool IsParty,
    bool SaysSo,
    bool Over,
    Func<string, string> Render
)
{
    public Standing Standing =>
        !IsParty ? Standing.Gone
        : SaysSo ? Standing.Current
        : Standing.Replaced;
}

internal sealed class AskedMessages(CommandTransaction db, KindCatalog kinds)
{
    /// <returns>Null when its kind is not declared any more, or it is gone.</returns>
    public async Task<AskedMessage?> FindAsync(PressedMessage message, CancellationToken cancellationToken)
    {
        if (kinds.Find(message.Kind) is not { } kind)
        {
            return null;
        }

        await using var find = db.Command(Statement.Named("Inbound/Sql/asked-message.sql")).With(message.OccurrenceId);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        DateTimeOffset? happensAt = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1);
        var texts = new KindTexts(kind, new(reader.GetString(4), reader.GetString(5), reader.GetString(6)));
        var (data, own) = (Json(reader.GetString(2)), Json(reader.GetString(3)));
        return new(
            kind,
            texts,
            Status: reader.GetString(0),
            new(reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetString(11)),
            IsParty: reader.GetBoolean(8),
            SaysSo: reader.GetBoolean(7),
            Over: reader.GetBoolean(9),
            Render
        );

        string Render(string text)
        {
            try
            {
                return texts.Render(text, happensAt, own, data);
            }
            catch (UnknownZoneException)
            {
                // Rather no text than another time than the message told; the buttons work without it.
                return "";
            }
        }
    }

    private static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
