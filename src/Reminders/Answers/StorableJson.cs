using System.Text.RegularExpressions;

namespace Reminders.Answers;

/// <summary>
/// JSON as a <c>jsonb</c> column takes it. PostgreSQL refuses three things that are valid JSON: <c>\u0000</c> (SQLSTATE 22P05),
/// half a surrogate pair (22P02) and a number beyond its <c>numeric</c> (22003), which becomes null. A provider would repeat such an update for ever, and hold up what comes after it.
/// </summary>
internal static partial class StorableJson
{
    public static string Of(string json)
    {
        var kept = json.Contains(@"\u", StringComparison.Ordinal)
            ? Escapes().Replace(json, escape => escape.Groups["bad"].Success ? @"\ufffd" : escape.Value)
            : json;
        return HugeNumber().IsMatch(kept) ? Values().Replace(kept, value => value.Groups["huge"].Success ? "null" : value.Value) : kept;
    }

    // Escape by escape, so that the text \\u0000 (a backslash, then letters) is left alone.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<bad>u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.Singleline)]
    private static partial Regex Escapes();

    private const string Huge = @"-?[0-9]{1000,}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{4,}|-?[0-9]+\.[0-9]{1000,}(?:[eE][+-]?[0-9]+)?";

    [GeneratedRegex(@"[eE][+-]?[0-9]{4}|[0-9]{1000}")]
    private static partial Regex HugeNumber();

    // Text by text, so that what looks like a number inside of one is left alone.
    [GeneratedRegex(@"""(?>(?:[^""\\]|\\.)*)""|(?<huge>" + Huge + ")", RegexOptions.Singleline)]
    private static partial Regex Values();
}
