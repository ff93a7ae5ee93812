using System.Text.RegularExpressions;

namespace Reminders.Words;

/// <summary>Finds reasons by what a person types: a code, a provider's words, or ours in any language.</summary>
internal static partial class ReasonSearch
{
    // Shorter ones are in everything.
    private const int Shortest = 3;

    /// <returns>For <c>ILIKE ANY</c>; null where nothing was typed.</returns>
    public static string[]? Patterns(string? typed)
    {
        var text = typed?.Trim() ?? "";
        return text.Length == 0 ? null
            : Reasons.Known.ContainsKey(text) ? [.. OfCode(text)]
            : [$"%{Escaped(text)}%", .. Codes.Where(code => Says(code, text)).SelectMany(OfCode)];
    }

    /// <summary>Ours, and how each is written, as PostgreSQL's regular expressions have it.</summary>
    public static readonly string[] Codes = [.. Reasons.Known.Keys.Where(code => code != "said")];

    /// <inheritdoc cref="Codes"/>
    public static readonly string[] Forms = [.. Codes.Select(code => $"^{code}{string.Concat(Reasons.Known[code].Select(Form))}$")];

    private static string Form(char value) =>
        value switch
        {
            'n' => " [0-9]+",
            'w' => " [^ ]+",
            '?' => "?",
            _ => "(: .*)",
        };

    /// <summary>Whether a language says it so, with whatever values.</summary>
    private static bool Says(string code, string text) =>
        text.Length >= Shortest
        && Wording.All.Any(words =>
            words[$"reason.{code}"].Parts.Any(part => part.Text?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)
        );

    private static IEnumerable<string> OfCode(string code)
    {
        var form = Reasons.Known[code];
        var head = Escaped(code) + (form.Contains('n') || form.Contains('w') ? " %" : "");
        string[] written =
            form.EndsWith('?') ? [head, $"{head}: %"]
            : form.EndsWith('r') || form.EndsWith('t') ? [$"{head}: %"]
            : [head];
        return written.SelectMany(one => (string[])[one, @"last\_attempt % %: " + one]);
    }

    private static string Escaped(string text) => Special().Replace(text, @"\$0");

    [GeneratedRegex(@"[\\%_]")]
    private static partial Regex Special();
}
