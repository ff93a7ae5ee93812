using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Reminders.Channels;

/// <summary>
/// JSON from outside, made fit to be kept in a <c>jsonb</c> column and to be read without surprises. PostgreSQL refuses three
/// things that are valid JSON: <c>\u0000</c> (SQLSTATE 22P05), half a surrogate pair (22P02) and a number beyond its
/// <c>numeric</c> (22003); .NET throws on the second, and on bytes that are no UTF-8. A provider would repeat such an update for ever, and
/// hold up what comes after it.
/// </summary>
internal static partial class OutsideJson
{
    /// <summary>The text with what cannot be kept as U+FFFD, and a number that cannot as null.</summary>
    public static string Storable(string json)
    {
        var kept = json.Contains(@"\u", StringComparison.Ordinal)
            ? Escapes().Replace(json, escape => escape.Groups["bad"].Success ? @"\ufffd" : escape.Value)
            : json;
        return HugeNumber().IsMatch(kept) ? Values().Replace(kept, value => value.Groups["huge"].Success ? "null" : value.Value) : kept;
    }

    /// <summary>The same for bytes.</summary>
    public static string Storable(ReadOnlySpan<byte> json) => Storable(Encoding.UTF8.GetString(json));

    /// <summary>A document whose every text can be read and kept.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) =>
        IsFit(json.Span) ? JsonDocument.Parse(json) : JsonDocument.Parse(Storable(json.Span));

    /// <summary>Whether there is nothing in it that <see cref="Storable(string)"/> would look at.</summary>
    public static bool IsFit(ReadOnlySpan<byte> json) => json.IndexOf(@"\u"u8) < 0 && Utf8.IsValid(json);

    // Escape by escape, so that the text \\u0000 (a backslash, then letters) is left alone.
    [GeneratedRegex(
        @"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<bad>u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.Singleline
    )]
    private static partial Regex Escapes();

    private const string Huge =
        @"-?[0-9]{1000,}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{4,}"
        + @"|-?[0-9]+\.[0-9]{1000,}(?:[eE][+-]?[0-9]+)?";

    [GeneratedRegex(@"[eE][+-]?[0-9]{4}|[0-9]{1000}")]
    private static partial Regex HugeNumber();

    // Text by text, so that what looks like a number inside of one is left alone.
    [GeneratedRegex(@"""(?>(?:[^""\\]|\\.)*)""|(?<huge>" + Huge + ")", RegexOptions.Singleline)]
    private static partial Regex Values();
}
