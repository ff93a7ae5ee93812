using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Reminders.Commands;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>
/// Reads JSON into a type field by field, so that a caller hears of every unreadable, unknown or repeated field at once; the
/// serializer alone stops at the first, and passes over what it does not know.
/// </summary>
internal sealed class BodyReader(JsonSerializerOptions options)
{
    // What any list here may have at most; a longer one is not even read.
    private const int MostItems = 10_000;

    // The names in an object whose names are the caller's own: addresses, data.
    private const int MostNames = 200;

    private readonly FieldErrors _errors = new();

    /// <returns>What could be read, so that it can be judged too, and what could not.</returns>
    public static (T? Value, WrongFields Errors) Read<T>(ReadOnlyMemory<byte> json, JsonSerializerOptions options)
    {
        var reader = new BodyReader(options);
        if (!Utf8.IsValid(json.Span))
        {
            reader._errors.Add("body", "wrong.no_utf");
            return (default, reader._errors.All);
        }
        try
        {
            using var document = JsonDocument.Parse(json);
            var clean = reader.Clean(document.RootElement, options.GetTypeInfo(typeof(T)), "");
            return (clean is null ? default : clean.Deserialize<T>(options), reader._errors.All);
        }
        catch (JsonException exception)
        {
            reader._errors.Add("body", json.Length == 0 ? new("wrong.empty") : UnreadableJson.Problem(json.Span, exception));
            return (default, reader._errors.All);
        }
    }

    private JsonNode? Clean(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                return CleanObject(element, type, path);
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                return CleanList(element, options.GetTypeInfo(type.ElementType!), path);
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object:
                return CleanMap(element, options.GetTypeInfo(type.ElementType!), path);
            case JsonTypeInfoKind.None when IsReadable(element, type):
                return JsonNode.Parse(element.GetRawText());
            default:
                _errors.Add(path.Length == 0 ? "body" : path, "wrong.not_bare", Show(element), Expected(type));
                return null;
        }
    }

    private JsonArray? CleanList(JsonElement element, JsonTypeInfo items, string path)
    {
        if (element.GetArrayLength() is > MostItems and var length)
        {
            _errors.Add(path, "wrong.many_items", length, MostItems);
            return null;
        }
        var readable = element
            .EnumerateArray()
            .TakeWhile(_ => !_errors.IsFull)
            .Select((item, index) => Clean(item, items, $"{path}[{index}]"));
        return new JsonArray([.. readable.OfType<JsonNode>()]);
    }

    private JsonObject CleanObject(JsonElement element, JsonTypeInfo type, string path)
    {
        var clean = new JsonObject();
        foreach (var given in element.EnumerateObject().TakeWhile(_ => !_errors.IsFull))
        {
            var name = Name(given);
            var field = path.Length == 0 ? name : $"{path}.{name}";
            if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } known)
            {
                _errors.Add(FieldErrors.Cut(field), "wrong.no_field", string.Join(", ", type.Properties.Select(property => property.Name)));
            }
            else if (clean.ContainsKey(name))
            {
                _errors.Add(field, "wrong.twice");
            }
            else
            {
                clean[name] = IsLeftOut(given.Value, known) ? null : Clean(given.Value, options.GetTypeInfo(known.PropertyType), field);
            }
        }
        return clean;
    }

    /// <summary>An object whose names are the caller's own.</summary>
    private JsonObject CleanMap(JsonElement element, JsonTypeInfo values, string path)
    {
        var clean = new JsonObject();
        foreach (var given in element.EnumerateObject().TakeWhile(_ => !_errors.IsFull))
        {
            var (name, field) = (Name(given), $"{path}.{FieldErrors.Cut(Name(given))}");
            if (clean.ContainsKey(name))
            {
                _errors.Add(field, "wrong.twice");
            }
            else if (clean.Count == MostNames)
            {
                _errors.Add(path, "wrong.many_names", MostNames);
                break;
            }
            else if (
                _errors.Count is var before
                && Clean(given.Value, values, field) is var value
                && (value is not null || _errors.Count == before)
            )
            {
                clean[name] = value;
            }
        }
        return clean;
    }

    // Null is "left out", but not for what cannot be null: there it would be read as a zero, or not at all.
    private static bool IsLeftOut(JsonElement value, JsonPropertyInfo property) =>
        value.ValueKind == JsonValueKind.Null
        && (!property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null);

    private static bool IsReadable(JsonElement element, JsonTypeInfo type)
    {
        try
        {
            // A value of any kind is kept as it came, and only writing it shows what is no text in it.
            if (type.Type == typeof(JsonElement))
            {
                JsonNode.Parse(element.GetRawText())?.ToJsonString();
            }

            return element.Deserialize(type) is not null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false; // InvalidOperation: half a surrogate pair, which is valid JSON and no text
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "�";
        }
    }

    private static object Show(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new Sentence("form.object"),
            JsonValueKind.Array => new Sentence("form.list"),
            _ => FieldErrors.Cut(element.GetRawText()),
        };

    private static Sentence Expected(JsonTypeInfo type) =>
        (Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
        {
            _ when type.Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => new("form.object"),
            _ when type.Kind == JsonTypeInfoKind.Enumerable => new("form.list"),
            var instant when instant == typeof(DateTimeOffset) => new("form.instant"),
            var id when id == typeof(Guid) => new("form.id"),
            var yesNo when yesNo == typeof(bool) => new("form.or", "true", "false"),
            var number when number == typeof(long) || number == typeof(int) => new("form.whole_number"),
            var hour when hour == typeof(TimeOnly) => new("form.time_of_day"),
            _ => new("form.text"),
        };
}
