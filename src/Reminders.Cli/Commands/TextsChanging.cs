using System.CommandLine;
using Reminders.Commands;
using Reminders.Texts;

namespace Reminders.Cli.Commands;

/// <summary>Changing the kinds' texts while nodes run: tried out, set, and taken back.</summary>
internal static class TextsChanging
{
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

    internal static Command Preview()
    {
        var command = new Command("preview", "How texts would read; what breaks a rule is said, and nothing is changed.")
        {
            TextsCommand.Kind,
            TextsCommand.Locale,
            Texts,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                Engine.RunAsync(
                    new PreviewTexts(parsed.GetValue(TextsCommand.Kind)!, parsed.GetValue(TextsCommand.Locale)!, Given(parsed)),
                    done => TextsCommand.Of(done.Value),
                    cancellationToken
                )
        );
        return command;
    }

    internal static Command Set()
    {
        var texts = new Argument<string[]>("texts") { Description = Texts.Description, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("set", "Change texts on every node, if all of them keep the kind's rules.")
        {
            TextsCommand.Kind,
            TextsCommand.Locale,
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
                        parsed.GetValue(TextsCommand.Kind)!,
                        parsed.GetValue(TextsCommand.Locale)!,
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

    internal static Command Back()
    {
        var to = new Argument<int>("version") { Description = "Which one; 0 is what the kind declares." };
        var command = new Command("back", "Put an earlier version in force again, as one more.")
        {
            TextsCommand.Kind,
            TextsCommand.Locale,
            to,
            Reason,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ChangeAsync(
                    new TakeTextsBack(
                        parsed.GetValue(TextsCommand.Kind)!,
                        parsed.GetValue(TextsCommand.Locale)!,
                        parsed.GetValue(to),
                        parsed.GetValue(Reason)
                    ),
                    cancellationToken
                )
        );
        return command;
    }

    private static Task<int> ChangeAsync(MediatR.IRequest<Outcome<TextsShown>> request, CancellationToken cancellationToken) =>
        Engine.RunAsync(
            request,
            done => (done.Changed ? "" : $"{Printing.Say("cli.texts_same")}\n") + TextsCommand.Of(done.Value),
            cancellationToken
        );

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
}
