using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Reminders.Lab.WhatsApp;

/// <summary>Reads and checks the body of a call to send, as strictly as Meta.</summary>
/// <param name="NeedsWindow">Whether the person must have written within 24 hours: true of everything but a template.</param>
internal sealed partial record MessageForm(
    string To,
    string Type,
    string Text,
    IReadOnlyList<WhatsAppButton> Buttons,
    string? Reference,
    bool NeedsWindow
)
{
    /// <exception cref="ArgumentException">Meta would refuse it (error 100); the message says why.</exception>
    public static MessageForm Read(JsonElement body)
    {
        Must(String(body, "messaging_product") == "whatsapp", "Param messaging_product must be 'whatsapp'.");
        var to = String(body, "to")?.TrimStart('+') ?? "";
        Must(Number().IsMatch(to), "Param to must be a phone number.");
        var reference = String(body, "biz_opaque_callback_data");
        Must(reference is null || reference.Length <= 512, "Param biz_opaque_callback_data has more than 512 characters.");
        return String(body, "type") switch
        {
            "text" => new(to, "text", Body(Part(body, "text"), "body", 4096), [], reference, NeedsWindow: true),
            "interactive" => Interactive(to, Part(body, "interactive"), reference),
            "template" => Template(to, Part(body, "template"), reference),
            var other => throw new ArgumentException($"Param type is '{other}'; this sandbox knows text, interactive and template."),
        };
    }

    private static MessageForm Interactive(string to, JsonElement interactive, string? reference)
    {
        Must(String(interactive, "type") == "button", "Param interactive['type'] must be 'button' here.");
        var text = Body(Part(interactive, "body"), "text", 1024);
        WhatsAppButton[] buttons = [.. Items(Part(interactive, "action"), "buttons").Select(Button)];
        Must(buttons.Length is >= 1 and <= 3, $"Param interactive['action']['buttons'] has {buttons.Length} buttons; 1 to 3 are allowed.");
        Must(buttons.Select(b => b.Title).Distinct().Count() == buttons.Length, "Button titles must be unique.");
        Must(buttons.Select(b => b.Data).Distinct().Count() == buttons.Length, "Button ids must be unique.");
        return new(to, "interactive", text, buttons, reference, NeedsWindow: true);
    }

    private static WhatsAppButton Button(JsonElement button)
    {
        var reply = Part(button, "reply");
        var (title, id) = (String(reply, "title") ?? "", String(reply, "id") ?? "");
        Must(String(button, "type") == "reply", "A button's type must be 'reply'.");
        Must(title.Length is >= 1 and <= 20, $"Button title '{title}' must have 1 to 20 characters.");
        Must(Encoding.UTF8.GetByteCount(id) is >= 1 and <= 256, "A button's id must have 1 to 256 bytes.");
        return new(title, id);
    }

    // What a template reads, only Meta knows; here it is its name and its values.
    private static MessageForm Template(string to, JsonElement template, string? reference)
    {
        var name = String(template, "name") ?? "";
        Must(
            name.Length > 0 && String(Part(template, "language"), "code") is { Length: > 0 },
            "Param template needs a name and a language with a code."
        );
        List<string> values = [];
        List<WhatsAppButton> buttons = [];
        foreach (var component in Items(template, "components"))
        {
            foreach (var parameter in Items(component, "parameters"))
            {
                var value = String(parameter, "text") ?? String(parameter, "payload") ?? "";
                Must(
                    value.Length > 0 && !value.AsSpan().ContainsAny("\n\t"),
                    "A template's parameter must not be empty, nor hold new lines or tabs."
                );
                if (String(component, "type") == "button")
                {
                    buttons.Add(new($"button {buttons.Count}", value));
                }
                else
                {
                    values.Add(value);
                }
            }
        }

        return new(to, "template", string.Join(' ', [name, .. values]), buttons, reference, NeedsWindow: false);
    }

    private static string Body(JsonElement parent, string name, int most)
    {
        var text = String(parent, name) ?? "";
        Must(text.Length >= 1 && text.Length <= most, $"Param {name} must be 1 to {most} characters long.");
        return text;
    }

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var part) ? part : default;

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? String(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static void Must(bool so, string otherwise)
    {
        if (!so)
        {
            throw new ArgumentException(otherwise);
        }
    }

    [GeneratedRegex(@"\A[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
