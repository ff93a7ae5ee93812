using System.CommandLine;
using System.Globalization;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Texts;

namespace Reminders.Cli.Commands;

/// <summary>The kinds' texts, and changing them while nodes run.</summary>
internal static class TextsCommand
{
    private static readonly Argument<string> Kind = new("kind") { Description = "CONFIRM_2H, NO_ANSWER_1H, …" };
    private static readonly Argument<string> Locale = new("locale") { Description = "en, ru, …" };
    private static readonly Argument<string[]> Texts = new("texts")
    {
        Description = "name=text, as text='Hello {candidate}!'; several are checked and changed together.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string[]> Declared = new("--declared")
    {
        Description = "Texts that are as the kind declares them again.",
    };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; it is kept with your name.", Required = true };
    private static readonly Option<int?> IfVersion = new("--if-version") { Description = "Only if that version stands." };

    public static Command Create() =>
        new("texts", "The kinds' texts: list, show, preview, set, back, history.") { List(), Show(), Preview(), Set(), Back(), History() };

    private static Command List()
    {
        var command = new Command("list", "Which texts were changed, by whom, and how often.");
        command.SetAction(
            async (_, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var standing = await TextBoard.StandingAsync(engine.Get<Database>().CreateCommand, cancellationToken);
                var table = new PlainTable("kind", "locale", "version", "set", "by", "at");
                foreach (var (kind, locale) in Places(engine.Get<KindCatalog>(), standing))
                {
                    var version = standing.FirstOrDefault(one => one.Kind == kind && one.Locale == locale);
                    table.Add(
                        kind,
                        locale,
                        Number(version?.Version ?? 0),
                        version is { Texts.Count: > 0 }
                            ? string.Join(", ", version.Texts.Keys.Order(StringComparer.Ordinal))
                            : "as declared",
                        version?.By ?? "",
                        Time(version?.At)
                    );
                }

                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "A kind's texts as they are now, and how they read.") { Kind };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var kind = parsed.GetValue(Kind)!;
                await using var engine = await Engine.OpenAsync(cancellationToken);
                if (
                    await engine.WithAsync<TextDesk, IReadOnlyList<TextsShown>?>(desk => desk.LookAsync(kind, null, cancellationToken))
                    is not { } shown
                )
                {
                    return await Engine.ReportAsync(TextDesk.Unknown(kind), _ => "");
                }

                foreach (var texts in shown)
                {
                    await Console.Out.WriteLineAsync(Printing.Lines(Of(texts)));
                }

                return 0;
            }
        );
        return command;
    }

    private static Command Preview()
    {
        var command = new Command("preview", "How texts would read; what breaks a rule is said, and nothing is changed.")
        {
            Kind,
            Locale,
            Texts,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                Engine.RunAsync(
                    new PreviewTexts(parsed.GetValue(Kind)!, parsed.GetValue(Locale)!, Given(parsed)),
                    done => Of(done.Value),
                    cancellationToken
                )
        );
        return command;
    }

    private static Command Set()
    {
        var texts = new Argument<string[]>("texts") { Description = Texts.Description, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("set", "Change texts on every node, if all of them keep the kind's rules.")
        {
            Kind,
            Locale,
            texts,
            Declared,
            Reason,
            IfVersion,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var given = Pairs(parsed.GetValue(texts) ?? []);
                foreach (var name in parsed.GetValue(Declared) ?? [])
                {
                    given[name] = null;
                }

                return ChangeAsync(
                    new SetTexts(
                        parsed.GetValue(Kind)!,
                        parsed.GetValue(Locale)!,
                        given,
                        parsed.GetValue(Reason),
                        parsed.GetValue(IfVersion)
                    ),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static Command Back()
    {
        var to = new Argument<int>("version") { Description = "Which one; 0 is what the kind declares." };
        var command = new Command("back", "Put an earlier version in force again, as one more.") { Kind, Locale, to, Reason };
        command.SetAction(
            (parsed, cancellationToken) =>
                ChangeAsync(
                    new TakeTextsBack(parsed.GetValue(Kind)!, parsed.GetValue(Locale)!, parsed.GetValue(to), parsed.GetValue(Reason)),
                    cancellationToken
                )
        );
        return command;
    }

    private static Command History()
    {
        var command = new Command("history", "Every version of a kind's texts in a language, the newest first.") { Kind, Locale };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var versions = await TextBoard.HistoryAsync(
                    engine.Get<Database>().CreateCommand,
                    parsed.GetValue(Kind)!,
                    parsed.GetValue(Locale)!,
                    cancellationToken
                );
                var table = new PlainTable("version", "at", "by", "why", "texts");
                foreach (var one in versions)
                {
                    table.Add(
                        Number(one.Version),
                        Time(one.At),
                        one.By ?? "",
                        one.Reason ?? "",
                        string.Join(
                            " | ",
                            one.Texts.OrderBy(text => text.Key, StringComparer.Ordinal).Select(text => $"{text.Key}={text.Value}")
                        )
                    );
                }

                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }

    private static Task<int> ChangeAsync(MediatR.IRequest<Outcome<TextsShown>> request, CancellationToken cancellationToken) =>
        Engine.RunAsync(request, done => (done.Changed ? "" : "They are so already.\n") + Of(done.Value), cancellationToken);

    private static IEnumerable<(string Kind, string Locale)> Places(KindCatalog kinds, IReadOnlyList<TextVersion> standing) =>
        kinds
            .Kinds.Values.SelectMany(kind => kind.DeclaredTexts.Keys.Select(locale => (kind.Name, locale)))
            .Union(standing.Select(one => (one.Kind, one.Locale)))
            .OrderBy(one => one.Item1, StringComparer.Ordinal)
            .ThenBy(one => one.Item2, StringComparer.Ordinal);

    private static Dictionary<string, string?> Given(ParseResult parsed) => Pairs(parsed.GetValue(Texts) ?? []);

    private static Dictionary<string, string?> Pairs(IEnumerable<string> words)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var parts = word.Split('=', 2);
            // Without a text it is refused, by its name.
            pairs[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }

        return pairs;
    }

    private static string Of(TextsShown shown) =>
        string.Join(
            '\n',
            shown
                .Texts.Select(text => $"  {text.Name}{(text.IsSet ? " (set)" : "")}: {text.Text}\n    reads: {text.Sample}")
                .Prepend(string.Create(CultureInfo.InvariantCulture, $"{shown.Kind} {shown.Locale}, version {shown.Version}"))
        );

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
