using System.Text.Json;
using System.Text.Unicode;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>Says where JSON stops being JSON, in a caller's terms: the line, and the field before it.</summary>
internal static class UnreadableJson
{
    public static Sentence Problem(ReadOnlySpan<byte> json, JsonException exception) =>
        new("wrong.no_json", exception.LineNumber + 1, exception.BytePositionInLine + 1, LastField(json));

    /// <summary>Parses JSON from outside. The parser itself passes over bytes that are no UTF-8, and throws where they are read.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) =>
        Utf8.IsValid(json.Span) ? JsonDocument.Parse(json) : throw new JsonException("It is not UTF-8.", null, 0, 0);

    private static string? LastField(ReadOnlySpan<byte> json)
    {
        string? field = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    field = reader.GetString();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // As far as it could be read.
        }
        return field;
    }
}
