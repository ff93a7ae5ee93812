using System.Diagnostics.Contracts;
using System.Globalization;
using System.Text.Json;
using Reminders.Channels;

namespace Reminders.Kinds;

/// <summary>The data a kind declares, held against the data somebody gives. Pure.</summary>
[Pure]
internal static class DeclaredData
{
    public static readonly string[] Types = ["text", "number", "flag", "instant"];

    private const int LongestText = 4000;

    /// <summary>What is wrong: the name of the datum, and what about it. A kind that declares nothing takes nothing.</summary>
    public static IEnumerable<(string Name, string Problem)> Problems(
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
                    yield return (name, $"is required: {Expected(type)}.");
                }
            }
            else if (!Fits(type.TrimEnd('?'), value))
            {
                yield return (name, $"is {Show(value)}: it should be {Expected(type.TrimEnd('?'))}.");
            }
        }
        foreach (var name in given.Keys.Where(name => !declared.ContainsKey(name)))
        {
            yield return (
                name,
                $"is not declared for this kind; there {(declared.Count == 0 ? "is nothing" : "are " + string.Join(", ", declared.Keys))}."
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

    private static string Expected(string type) =>
        type switch
        {
            "text" => $"a text of at most {LongestText} characters, without NUL",
            "number" => "a number",
            "flag" => "true or false",
            _ => "an instant with its offset, such as 2027-03-01T15:00:00+03:00",
        };

    private static string Show(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && IsLong(value, out var characters)
            ? string.Create(CultureInfo.InvariantCulture, $"a text of {characters} characters")
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
