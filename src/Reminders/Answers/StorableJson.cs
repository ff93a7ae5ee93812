using System.Text.RegularExpressions;

namespace Reminders.Answers;

/// <summary>
/// JSON as a <c>jsonb</c> column takes it. PostgreSQL refuses two things that are valid JSON: <c>\u0000</c> (SQLSTATE 22P05) and
/// half a surrogate pair (22P02). A provider would repeat such an update for ever, and hold up what comes after it.
/// </summary>
internal static partial class StorableJson
{
    public static string Of(string json) => json.Contains(@"\u", StringComparison.Ordinal)
        ? Escapes().Replace(json, escape => escape.Groups["bad"].Success ? @"\ufffd" : escape.Value)
        : json;

    // Escape by escape, so that the text \\u0000 (a backslash, then letters) is left alone.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<bad>u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.Singleline)]
    private static partial Regex Escapes();
}
