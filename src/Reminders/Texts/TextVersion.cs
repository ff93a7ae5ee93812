namespace Reminders.Texts;

/// <summary>What somebody has set of a kind's texts in one language, all of it; the rest is as it is declared.</summary>
/// <param name="Version">Each change is one more. 0: nobody has changed anything.</param>
internal sealed record TextVersion(
    string Kind,
    string Locale,
    int Version,
    IReadOnlyDictionary<string, string> Texts,
    string? By = null,
    DateTimeOffset? At = null,
    string? Reason = null
)
{
    public static TextVersion None(string kind, string locale) => new(kind, locale, 0, new Dictionary<string, string>());

    /// <summary>These, with some changed; what is changed to null is as declared again.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string?> changes)
    {
        var texts = new Dictionary<string, string>(Texts, StringComparer.Ordinal);
        foreach (var (name, text) in changes)
        {
            if (text is null)
            {
                texts.Remove(name);
            }
            else
            {
                texts[name] = text;
            }
        }

        return texts;
    }

    public IEnumerable<KindText> All => Texts.Select(text => new KindText(Kind, Locale, text.Key, text.Value));
}

/// <summary>A text as it is now.</summary>
/// <param name="IsSet">Whether an operator has set it; else it is as its kind declares it.</param>
/// <param name="Sample">How it reads, with made-up values.</param>
internal sealed record TextLine(string Name, string Text, bool IsSet, string Sample);

/// <summary>A kind's texts in one language.</summary>
internal sealed record TextsShown(string Kind, string Locale, int Version, IReadOnlyList<TextLine> Texts);
