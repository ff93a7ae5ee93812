using System.CommandLine;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>
/// <c>--lang</c>: the language of what a command prints: the story, reasons and refusals, what doctor finds, what was done, and the
/// headings of tables. What is not said follows the machine's locale.
/// </summary>
internal static class SpokenOption
{
    public static readonly Option<string?> Language = Create();

    public static Wording Words(this ParseResult parsed) => Wording.Find(parsed.GetValue(Language)) ?? OfTheMachine();

    /// <summary>The same beside a table, whose instants are shorter.</summary>
    public static Wording TableWords(this ParseResult parsed) => parsed.Words() is { Language: "ru" } words ? words : PlainTable.Words;

    // In the order in which every program asks them.
    private static Wording OfTheMachine() =>
        new[] { "LC_ALL", "LC_MESSAGES", "LANG" }
            .Select(Environment.GetEnvironmentVariable)
            .Where(set => !string.IsNullOrEmpty(set))
            .Select(Wording.Find)
            .FirstOrDefault()
        ?? Wording.English;

    private static Option<string?> Create()
    {
        var option = new Option<string?>("--lang")
        {
            Recursive = true,
            Description = "The language of sentences: en or ru. Default: as LC_ALL, LC_MESSAGES or LANG say, else en.",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && Wording.Find(given) is null)
            {
                result.AddError($"--lang is '{given}': it should be {string.Join(" or ", Wording.All.Select(words => words.Language))}.");
            }
        });
        return option;
    }
}
