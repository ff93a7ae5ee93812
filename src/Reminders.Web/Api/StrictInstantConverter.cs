using System.Text.Json;
using System.Text.Json.Serialization;
using Reminders.Zones;

namespace Reminders.Web.Api;

/// <summary>An instant as RFC 3339 writes it, offset included. System.Text.Json would take one without as local time.</summary>
internal sealed class StrictInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ZonedInstant.TryRead(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException($"It should be {ZonedInstant.Expected}.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
