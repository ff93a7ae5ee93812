using System.CommandLine;
using System.Globalization;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Texts;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>The kinds' texts as they are; <see cref="TextsChanging"/> changes them while nodes run.</summary>
internal static class TextsCommand
{
    internal static readonly Argument<string> Kind = new("kind") { Description = "CONFIRM_2H, NO_ANSWER_1H, …" };
    internal static readonly Argument<string> Locale = new("locale") { Description = "en, ru, …" };

    public static Command Create() =>
        new("texts", "The kinds' texts: list, show, preview, set, back, history.")
        {
            List(),
            Show(),
            TextsChanging.Preview(),
            TextsChanging.Set(),
            TextsChanging.Back(),
            History(),
        };

    private static Command List()
    {
        var command = new Command("list", "Which texts were changed, by whom, and how often.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var standing = await TextBoard.StandingAsync(engine.Get<Database>().CreateCommand, cancellationToken);
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(standing);
                }

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
                            : Printing.Say("cli.as_declared"),
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
        var command = new Command("show", "A kind's texts as they are now, and how they read.") { Kind, JsonOption.Json };
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

                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(shown);
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

    private static Command History()
    {
        var command = new Command("history", "Every version of a kind's texts in a language, the newest first.")
        {
            Kind,
            Locale,
            JsonOption.Json,
        };
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
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(versions);
                }

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

    private static IEnumerable<(string Kind, string Locale)> Places(KindCatalog kinds, IReadOnlyList<TextVersion> standing) =>
        kinds
            .Kinds.Values.SelectMany(kind => kind.DeclaredTexts.Keys.Select(locale => (kind.Name, locale)))
            .Union(standing.Select(one => (one.Kind, one.Locale)))
            .OrderBy(one => one.Item1, StringComparer.Ordinal)
            .ThenBy(one => one.Item2, StringComparer.Ordinal);

    internal static string Of(TextsShown shown) =>
        string.Join(
            '\n',
            shown
                .Texts.Select(text =>
                    $"{Say(text.IsSet ? "cli.text_set" : "cli.text", text.Name, text.Text)}\n{Say("cli.text_reads", text.Sample)}"
                )
                .Prepend(Say("cli.texts_of", shown.Kind, shown.Locale, shown.Version))
        );

    // A text has lines of its own, which are shown.
    private static string Say(string code, params IReadOnlyList<object?> values) => Engine.Words.Of(new Sentence(code, values));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
