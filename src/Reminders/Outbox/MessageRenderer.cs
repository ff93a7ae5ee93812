using System.Globalization;
using System.Text.Json;
using Reminders.Channels;
using Reminders.Channels.Templates;
using Reminders.Planning;

namespace Reminders.Outbox;

/// <summary>
/// Turns a started message into what goes over the wire, from the subject as it is now: a pending message is always
/// fresh, and an edit shows whatever became of its subject.
/// </summary>
internal sealed class MessageRenderer(KindCatalog kinds)
{
    /// <exception cref="KeyNotFoundException">The kind, a text or a value it asks for is missing.</exception>
    public Delivery Render(StartedMessage message)
    {
        var kind = kinds.Find(message.Kind)
            ?? throw new KeyNotFoundException($"The kind {message.Kind} is not declared any more.");
        var reader = new Reader(message.RecipientName, message.Locale, message.Zone);
        var texts = reader.TextsOf(kind.Templates);
        using var data = JsonDocument.Parse(message.SubjectData);
        using var own = message.OccurrenceData is null ? null : JsonDocument.Parse(message.OccurrenceData);

        object? Value(string name) => name == "starts_at"
            ? message.HappensAt is { } instant ? reader.Local(instant) : null
            : Text(own?.RootElement, name) ?? Text(data.RootElement, name);
        string Render(string name) => reader.Write(texts[name], Value);

        var (text, buttons) = Shown(message, kind);
        return new(
            message.Claim.Id.ToString(CultureInfo.InvariantCulture), message.Operation, message.Address, Render(text),
            [.. buttons.Select(button => new Button(Render(button), ButtonData.Of(button, message.PressToken)))],
            message.TargetProviderId);
    }

    /// <summary>Which text shows the present state, with which buttons. A confirmed candidate may still decline.</summary>
    private static (string Text, IEnumerable<string> Buttons) Shown(StartedMessage message, KindDefinition kind) => message switch
    {
        { Operation: DeliveryOperation.Send } => ("text", kind.Buttons),
        { Standing: Standing.Gone } or { Status: "cancelled" } => ("cancelled", []),
        { Standing: Standing.Replaced } => ("moved", []),
        { Status: "confirmed" } => ("confirmed", kind.Buttons.Where(button => button == "decline")),
        { Status: "declined" } => ("declined", []),
        _ => ("text", kind.Buttons),
    };

    private static string? Text(JsonElement? data, string name) =>
        data is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ToString()
            : null;
}
