using System.Globalization;
using System.Text;

namespace Reminders.Words;

/// <summary>
/// Why something is as it is, in the columns named <c>reason</c>, <c>detail</c> and <c>rule</c>: a code and its values, as
/// <c>superseded 2</c> or <c>not_sent CONFIRM_2H: node_lost: node1</c>. The engine's own SQL writes it as it stands here; people read it in
/// their language (<see cref="Wording"/>). Whatever is no such code is what somebody else said, or an older build, and is quoted as it is.
/// </summary>
internal static partial class Reasons
{
    /// <summary>What a reason that could be taken for one of ours begins with, where somebody else said it.</summary>
    private const string SaidBy = "said: ";

    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>As it stands in a column. A text or reason after the colon is the last value; null leaves it out.</summary>
    public static string Of(string code, params ReadOnlySpan<object?> values)
    {
        var hasRest = FormOf(code)!.TrimEnd('?') is [.., 't' or 'r'];
        var written = new StringBuilder(code);
        foreach (var value in hasRest ? values[..^1] : values)
        {
            written.Append(' ').Append(Word(value).Replace(' ', '_'));
        }

        return (hasRest && values[^1] is { } rest ? written.Append(": ").Append(rest) : written).ToString();
    }

    /// <summary>What somebody else said, so that it is never taken for a code of ours.</summary>
    public static string Said(string text) => Read(text) is null ? text : SaidBy + text;

    /// <summary>The code and its values; null where it is none of ours.</summary>
    public static Sentence? Read(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        var (head, rest) = colon < 0 ? (text, null) : (text[..colon], text[(colon + 2)..]);
        var words = head.Split(' ');
        if (FormOf(words[0]) is not { } form)
        {
            return null;
        }

        var inHead = form.TrimEnd('?', 't', 'r');
        if (words.Length != inHead.Length + 1 || (inHead.Length == form.Length ? rest is not null : rest is null && form[^1] != '?'))
        {
            return null;
        }

        var values = new List<object?>();
        for (var i = 0; i < inHead.Length; i++)
        {
            if (Value(inHead[i], words[i + 1]) is not { } value)
            {
                return null;
            }

            values.Add(value);
        }

        if (inHead.Length < form.Length)
        {
            values.Add(
                rest is null ? null
                : form[inHead.Length] == 'r' ? Meaning(rest)
                : rest
            );
        }

        return new($"reason.{words[0]}", values);
    }

    /// <summary>What to say of it: the code's sentence, or the text as it is.</summary>
    public static Sentence Meaning(string text) => Read(text) ?? new("reason.said", text);

    /// <summary>Which version took the place of what this is the reason of, also where an older build wrote it.</summary>
    public static long? SupersededBy(string? reason)
    {
        const string Former = "superseded by version ";
        return reason?.StartsWith(Former, StringComparison.Ordinal) == true
            && long.TryParse(reason[Former.Length..], CultureInfo.InvariantCulture, out var version)
                ? version
            : reason is not null && Read(reason) is { Code: "reason.superseded", Values: [long by] } ? by
            : null;
    }

    private static string? FormOf(string code) => Known.GetValueOrDefault(code) ?? Refusals.GetValueOrDefault(code);

    private static string Word(object? value) =>
        value is DateTimeOffset instant
            ? instant.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static object? Value(char form, string word) =>
        form switch
        {
            _ when word.Length == 0 => null,
            'n' => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            'i' => DateTimeOffset.TryParseExact(word, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at
                : null,
            _ => word,
        };
}
