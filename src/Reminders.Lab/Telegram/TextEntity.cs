using System.Text.Json;

namespace Reminders.Lab.Telegram;

/// <summary>A part of a text that is shown in its own way. Counted in UTF-16 units, as the Bot API does.</summary>
/// <param name="Detail">The name and value of what only some types carry: a link's <c>url</c>, a block's <c>language</c>.</param>
internal sealed record TextEntity(string Type, int Offset, int Length, (string Name, string Value)? Detail = null)
{
    /// <summary>The same entities after white space around the text was cut, in Telegram's order: where they begin, the longer
    /// first.</summary>
    public static TextEntity[] Within(IEnumerable<TextEntity> entities, int cut, int length) =>
        [
            .. from entity in entities
            let start = Math.Clamp(entity.Offset - cut, 0, length)
            let end = Math.Clamp(entity.Offset + entity.Length - cut, 0, length)
            where end > start
            orderby start, end descending
            select entity with
            {
                Offset = start,
                Length = end - start,
            },
        ];

    public static void Write(Utf8JsonWriter w, IReadOnlyList<TextEntity> entities)
    {
        if (entities.Count == 0)
        {
            return;
        }

        w.WriteStartArray("entities"u8);
        foreach (var entity in entities)
        {
            w.WriteStartObject();
            w.WriteNumber("offset"u8, entity.Offset);
            w.WriteNumber("length"u8, entity.Length);
            w.WriteString("type"u8, entity.Type);
            if (entity.Detail is { } detail)
            {
                w.WriteString(detail.Name, detail.Value);
            }

            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
