using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>The steps that looking at texts, trying and changing them have in common.</summary>
internal sealed class TextDesk(CommandTransaction db, KindCatalog kinds)
{
    private const int MostTexts = 64;
    private const int Longest = 4000;

    public static Outcome<TextsShown>.NotFound Unknown(string kind) => Outcome<TextsShown>.NotFound.Of("no_kind", FieldErrors.Cut(kind));

    /// <summary>A kind's texts in one language, or in each; null where there is no such kind, or it has none in that language.</summary>
    public async Task<IReadOnlyList<TextsShown>?> LookAsync(string kind, string? locale, CancellationToken cancellationToken)
    {
        if (kinds.Find(kind) is not { } known)
        {
            return null;
        }

        var standing = await TextBoard.StandingAsync(db.Command, cancellationToken);
        TextVersion[] own = [.. standing.Where(one => one.Kind == kind)];
        var texts = known.WithTexts(TextRules.Over(known, own.SelectMany(one => one.All)));
        return
        [
            .. texts
                .Templates.Keys.Where(one => locale is null || one == locale)
                .Order(StringComparer.Ordinal)
                .Select(one => Show(texts, one, own.FirstOrDefault(version => version.Locale == one) ?? TextVersion.None(kind, one))),
        ];
    }

    /// <summary>One of what was ever set; null where there is none of that number. 0 is what is declared.</summary>
    public async Task<TextVersion?> VersionAsync(string kind, string locale, int version, CancellationToken cancellationToken) =>
        version == 0 ? TextVersion.None(kind, locale) : await TextBoard.FindAsync(db.Command, kind, locale, version, cancellationToken);

    /// <summary>For whoever asks from outside; of a kind that there was as well.</summary>
    public async Task<Outcome<IReadOnlyList<TextVersion>>> HistoryAsync(string kind, string locale, CancellationToken cancellationToken) =>
        CheckPlace(kind, locale) is { Count: > 0 } errors
            ? new Outcome<IReadOnlyList<TextVersion>>.Invalid(errors.All)
            : new Outcome<IReadOnlyList<TextVersion>>.Done(await TextBoard.HistoryAsync(db.Command, kind, locale, cancellationToken));

    /// <summary>What stands of a kind, and of one of its languages.</summary>
    public async Task<(IReadOnlyList<TextVersion> All, TextVersion One)> StandingAsync(
        string kind,
        string locale,
        CancellationToken cancellationToken
    )
    {
        var standing = await TextBoard.StandingAsync(db.Command, cancellationToken);
        TextVersion[] all = [.. standing.Where(one => one.Kind == kind)];
        return (all, all.FirstOrDefault(one => one.Locale == locale) ?? TextVersion.None(kind, locale));
    }

    /// <summary>What is wrong with what was said, whatever there is.</summary>
    public static FieldErrors Check(string kind, string locale, IReadOnlyDictionary<string, string?>? texts)
    {
        var errors = CheckPlace(kind, locale);
        if (texts is null or { Count: 0 or > MostTexts })
        {
            errors.Add("texts", "wrong.texts", texts?.Count ?? 0, MostTexts);
        }

        foreach (var (name, text) in texts ?? new Dictionary<string, string?>())
        {
            if (text is not null)
            {
                errors.Text($"texts.{FieldErrors.Cut(name)}", text, Longest, required: true);
            }
        }

        return errors;
    }

    private static FieldErrors CheckPlace(string kind, string locale)
    {
        var errors = new FieldErrors();
        errors.Text("kind", kind, 64, required: true);
        if (!TextRules.IsLocale(locale))
        {
            errors.Add("locale", "wrong.not", FieldErrors.Cut(locale), new Sentence("form.language"));
        }

        return errors;
    }

    /// <summary>The texts that would be, if nothing is wrong with them.</summary>
    public async Task<(TextsShown? Shown, FieldErrors Errors)> TryAsync(
        KindDefinition kind,
        IReadOnlyList<TextVersion> standing,
        TextVersion changed,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        string[] names = [.. kind.DeclaredTexts.Values.SelectMany(texts => texts.Keys).Distinct()];
        foreach (var name in changed.Texts.Keys.Except(names))
        {
            errors.Add($"texts.{FieldErrors.Cut(name)}", "wrong.no_text", kind.Name, string.Join(", ", names));
        }

        var had = await HadAsync(kind, cancellationToken);
        foreach (var problem in changed.Texts.SelectMany(text => TextRules.Unknown(kind, changed.Locale, text.Key, text.Value, had)))
        {
            errors.Add("texts", problem);
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var texts = TextRules.Over(kind, standing.Where(one => one.Locale != changed.Locale).Append(changed).SelectMany(one => one.All));
        foreach (var problem in TextRules.Problems(kinds, kind, texts))
        {
            errors.Add("texts", problem);
        }

        return (errors.Count > 0 ? null : Show(kind.WithTexts(texts), changed.Locale, changed), errors);
    }

    /// <summary>What every one of a hundred subjects of the kind's type has.</summary>
    private async Task<string[]> HadAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        await using var look = db.Command(Statement.Named("Texts/Sql/had-by-all.sql")).With(kind.Subject);
        return (string[])(await look.ExecuteScalarAsync(cancellationToken))!;
    }

    private static TextsShown Show(KindDefinition kind, string locale, TextVersion version) =>
        new(
            kind.Name,
            locale,
            version.Version,
            [
                .. kind.Templates.TryGetValue(locale, out var texts)
                    ? texts
                        .OrderBy(text => text.Key, StringComparer.Ordinal)
                        .Select(text => new TextLine(
                            text.Key,
                            text.Value,
                            version.Texts.ContainsKey(text.Key),
                            TextRules.Sample(kind, locale, text.Key)
                        ))
                    : [],
            ]
        );
}
