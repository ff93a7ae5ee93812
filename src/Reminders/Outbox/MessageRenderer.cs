using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reminders.Channels;
using Reminders.Channels.Templates;
using Reminders.Planning;
using Reminders.Storage;

namespace Reminders.Outbox;

/// <summary>
/// Turns a started message into what goes over the wire, from the subject as it is now: a pending message is always
/// fresh, and an edit shows whatever became of its subject.
/// </summary>
internal sealed class MessageRenderer(KindCatalog kinds, RemindersOptions options)
{
    /// <exception cref="KeyNotFoundException">The kind, a text or a value it asks for is missing.</exception>
    public Delivery Render(StartedMessage message)
    {
        var kind = kinds.Find(message.Kind)
            ?? throw new KeyNotFoundException($"The kind {message.Kind} is not declared any more.");
        var texts = new KindTexts(kind, new(message.RecipientName, message.Locale, message.Zone));
        using var data = JsonDocument.Parse(message.SubjectData);
        using var own = JsonDocument.Parse(message.OccurrenceData ?? "{}");

        var (name, buttons) = Shown(message, kind);
        var isDigest = own.RootElement.ValueKind == JsonValueKind.Array;
        // A digest of one is that one.
        if (isDigest && own.RootElement.GetArrayLength() > 1)
            return Digest(message, texts, own.RootElement);
        var values = isDigest ? own.RootElement[0] : own.RootElement;

        string Render(string text) => texts.Render(text, message.HappensAt, values, data.RootElement);
        return Written(
            message, Render(name), texts.Has("subject") ? Render("subject") : null,
            [.. buttons.Select(button => new Button(Render(button), ButtonData.Of(button, message.PressToken)))])
            with { Template = texts.Has("whatsapp_template") ? Template(texts, Render) : null };
    }

    private Delivery Digest(StartedMessage message, KindTexts texts, JsonElement parts)
    {
        var items = parts.EnumerateArray().Select(part => texts.Render("text", message.HappensAt, part));
        var whole = JsonSerializer.SerializeToElement(new JsonObject
        {
            ["count"] = parts.GetArrayLength(),
            ["items"] = string.Join('\n', items),
        });
        string Render(string text) => texts.Render(text, message.HappensAt, whole, parts[0]);
        return Written(
            message, Render("digest"), texts.Has("digest_subject") ? Render("digest_subject") : texts.Has("subject") ? Render("subject") : null, []);
    }

    private Delivery Written(StartedMessage message, string text, string? subject, IReadOnlyList<Button> buttons) =>
        new(
            message.Claim.Id.ToString(CultureInfo.InvariantCulture), message.Operation, message.Address, text, buttons,
            message.TargetProviderId)
        {
            StableId = message.StableId,
            Subject = subject,
            Html = subject is null ? null : HtmlText.Of(text),
            Unsubscribe = options.PublicUrl is { } url ? new Uri(url, $"unsubscribe/{message.UnsubscribeCode}") : null,
        };

    private static ProviderTemplate Template(KindTexts texts, Func<string, string> render) => new(
        render("whatsapp_template"), texts.Locale.Replace('-', '_'),
        texts.Has("whatsapp_values") ? render("whatsapp_values").Split('\n') : []);

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
}
