using MediatR;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>
/// Changes a kind's texts in one language, on every node: as one version more, if all of them keep the kind's rules and can be rendered.
/// </summary>
/// <param name="Texts">By name; what is left out stays, and null is as declared again.</param>
/// <param name="IfVersion">Only if that one stands; null: whichever does.</param>
internal sealed record SetTexts(
    string Kind,
    string Locale,
    IReadOnlyDictionary<string, string?>? Texts,
    string? Reason,
    int? IfVersion = null
) : ICommand<Outcome<TextsShown>>, IAudited
{
    string IAudited.Action => "texts.set";

    string IAudited.About => $"kind {FieldErrors.Cut(Kind)}";
}

/// <summary>Puts an earlier version in force again, as one more; 0 is what the kind declares.</summary>
internal sealed record TakeTextsBack(string Kind, string Locale, int To, string? Reason) : ICommand<Outcome<TextsShown>>, IAudited
{
    string IAudited.Action => "texts.take_back";

    string IAudited.About => $"kind {FieldErrors.Cut(Kind)}";
}

/// <summary>How texts would read, and what is wrong with them; nothing is changed.</summary>
internal sealed record PreviewTexts(string Kind, string Locale, IReadOnlyDictionary<string, string?>? Texts)
    : ICommand<Outcome<TextsShown>>;

internal sealed class SetTextsHandler(TextDesk desk, TextPress press, KindCatalog kinds) : IRequestHandler<SetTexts, Outcome<TextsShown>>
{
    public async Task<Outcome<TextsShown>> Handle(SetTexts request, CancellationToken cancellationToken)
    {
        var errors = TextDesk.Check(request.Kind, request.Locale, request.Texts);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (errors.Count > 0)
        {
            return new Outcome<TextsShown>.Invalid(errors.All);
        }

        if (kinds.Find(request.Kind) is not { } kind)
        {
            return TextDesk.Unknown(request.Kind);
        }

        var (all, now) = await desk.StandingAsync(kind.Name, request.Locale, cancellationToken);
        return request.IfVersion is { } expected && expected != now.Version
            ? now.By is { } by
                ? Outcome<TextsShown>.Conflict.Of("text_stands", now.Version, by)
                : Outcome<TextsShown>.Conflict.Of("text_stands_alone", now.Version)
            : await press.PrintAsync(kind, all, now, now.With(request.Texts!), "texts.set", request.Reason!, cancellationToken);
    }
}

internal sealed class TakeTextsBackHandler(TextDesk desk, TextPress press, KindCatalog kinds)
    : IRequestHandler<TakeTextsBack, Outcome<TextsShown>>
{
    public async Task<Outcome<TextsShown>> Handle(TakeTextsBack request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("kind", request.Kind, 64, required: true);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (request.To < 0)
        {
            errors.Add("version", "wrong.not_bare", request.To, new Sentence("form.version"));
        }

        if (!TextRules.IsLocale(request.Locale))
        {
            errors.Add("locale", "wrong.not", FieldErrors.Cut(request.Locale), new Sentence("form.language"));
        }

        if (errors.Count > 0)
        {
            return new Outcome<TextsShown>.Invalid(errors.All);
        }

        if (kinds.Find(request.Kind) is not { } kind)
        {
            return TextDesk.Unknown(request.Kind);
        }

        var (all, now) = await desk.StandingAsync(kind.Name, request.Locale, cancellationToken);
        return await desk.VersionAsync(kind.Name, request.Locale, request.To, cancellationToken) is not { } former
            ? Outcome<TextsShown>.NotFound.Of("no_text_version", kind.Name, request.To, now.Version, FieldErrors.Cut(request.Locale))
            : await press.PrintAsync(kind, all, now, former.Texts, "texts.take_back", request.Reason!, cancellationToken);
    }
}

internal sealed class PreviewTextsHandler(TextDesk desk, KindCatalog kinds) : IRequestHandler<PreviewTexts, Outcome<TextsShown>>
{
    public async Task<Outcome<TextsShown>> Handle(PreviewTexts request, CancellationToken cancellationToken)
    {
        var errors = TextDesk.Check(request.Kind, request.Locale, request.Texts);
        if (errors.Count > 0)
        {
            return new Outcome<TextsShown>.Invalid(errors.All);
        }

        if (kinds.Find(request.Kind) is not { } kind)
        {
            return TextDesk.Unknown(request.Kind);
        }

        var (all, now) = await desk.StandingAsync(kind.Name, request.Locale, cancellationToken);
        var (shown, wrong) = await desk.TryAsync(kind, all, now with { Texts = now.With(request.Texts!) }, cancellationToken);
        return shown is null ? new Outcome<TextsShown>.Invalid(wrong.All) : new Outcome<TextsShown>.Done(shown, Changed: false);
    }
}
