using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text.Json;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>The data a kind declares, held against the data somebody gives. Pure.</summary>
[Pure]
internal static class DeclaredData
{
    public static readonly string[] Types = ["text", "number", "flag", "instant"];

    private const int LongestText = 4000;

    /// <summary>What is wrong: the name of the datum, and what about it. A kind that declares nothing takes nothing.</summary>
    public static IEnumerable<(string Name, Sentence Problem)> Problems(
        IDictionary<string, string> declared,
        IReadOnlyDictionary<string, JsonElement>? given
    )
    {
        given ??= new Dictionary<string, JsonElement>();
        foreach (var (name, type) in declared)
        {
            if (!given.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (!type.EndsWith('?'))
                {
                    yield return (name, new("wrong.required", Expected(type)));
                }
            }
            else if (!Fits(type.TrimEnd('?'), value))
            {
                yield return (name, new("wrong.not_bare", Show(value), Expected(type.TrimEnd('?'))));
            }
        }
        foreach (var name in given.Keys.Where(name => !declared.ContainsKey(name)))
        {
            yield return (
                name,
                declared.Count == 0 ? new("wrong.nothing_declared") : new("wrong.undeclared", string.Join(", ", declared.Keys))
            );
        }
    }

    private static bool Fits(string type, JsonElement value) =>
        type switch
        {
            "text" => value.ValueKind == JsonValueKind.String && IsText(value),
            "number" => value.ValueKind == JsonValueKind.Number && IsNumber(value),
            "flag" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind == JsonValueKind.String && IsText(value) && IsInstant(value.GetString()!),
        };

    // JSON has no bounds; a jsonb column has (22003), at numbers nobody writes into a text.
    private static bool IsNumber(JsonElement value) =>
        value.GetRawText() is { Length: <= 64 } text
        && value.TryGetDouble(out var number)
        && double.IsFinite(number)
        && (number != 0 || !text.Contains('e', StringComparison.OrdinalIgnoreCase));

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && TextCapacity.CodePoints(text) <= LongestText && !text.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false; // half a surrogate pair, which is valid JSON and no text
        }
    }

    /// <summary>How much the data is, in characters as people write them: JSON's escapes and UTF-8's bytes are nobody's writing.</summary>
    public static int Characters(IReadOnlyDictionary<string, JsonElement> given) =>
        given.Sum(one =>
            TextCapacity.CodePoints(one.Key)
            + TextCapacity.CodePoints(one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText())
        );

    // With its offset: "2027-01-01T10:00" would be another instant on each server.
    private static bool IsInstant(string text) =>
        text.Length >= 20
        && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static Sentence Expected(string type) =>
        type switch
        {
            "text" => new("form.text_within", LongestText),
            "number" => new("form.number"),
            "flag" => new("form.or", "true", "false"),
            _ => new("form.instant"),
        };

    private static object Show(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && IsLong(value, out var characters)
            ? new Sentence("form.long_text", characters)
            : Cut(value);

    private static bool IsLong(JsonElement value, out int characters)
    {
        try
        {
            characters = TextCapacity.CodePoints(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            characters = 0;
        }
        return characters > LongestText;
    }

    private static string Cut(JsonElement value) => OutsideText.Clean(value.GetRawText(), 40);
}
