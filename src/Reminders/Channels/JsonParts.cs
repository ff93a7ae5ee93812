using System.Text.Json;

namespace Reminders.Channels;

/// <summary>Reads what a provider sent without insisting on any of it: what is absent or of another form is null.</summary>
internal static class JsonParts
{
    public static JsonElement? Part(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object
            ? part
            : null;

    public static string? Text(this JsonElement parent, string name)
    {
        if (
            parent.ValueKind != JsonValueKind.Object
            || !parent.TryGetProperty(name, out var part)
            || part.ValueKind != JsonValueKind.String
        )
        {
            return null;
        }
        try
        {
            return part.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair ("\ud83d"): valid JSON, but no text
        }
    }
}
