using System.CommandLine;
using Reminders.Cli.Imports;
using Reminders.Commands;
using Reminders.Imports;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>Tells the ledger what another system has sent already: docs/cut-over.md.</summary>
internal static class ImportCommand
{
    private const int MostShown = FieldErrors.Most;

    private static readonly Argument<string> Source = new("file")
    {
        Description =
            "CSV with a header, or a JSON object in each line; - for standard input. Columns: "
            + Wording.English.Of(ToldFields.Names)
            + ".",
    };
    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "Whose subjects and people they are, as a key's --owner says. Default: the installation's own.",
    };
    private static readonly Option<bool> SkipBad = new("--skip-bad")
    {
        Description = "Import the other rows where some are wrong. Default: then none is.",
    };

    public static Command Create()
    {
        var command = new Command("import", "Tell the ledger what the old system has sent already, so that it is not sent again.")
        {
            Source,
            Owner,
            SkipBad,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed.GetValue(Source)!, parsed.GetValue(Owner), parsed.GetValue(SkipBad), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(string source, string? owner, bool skipBad, CancellationToken cancellationToken)
    {
        if (source != "-" && !File.Exists(source))
        {
            await Console.Error.WriteLineAsync(Printing.Say("cli.no_file", source));
            return 1;
        }

        using var text = source == "-" ? Console.In : File.OpenText(source);
        var file = ToldFile.Read(text);
        await ShowAsync(file.Problems);
        if (file.Problems.Count > 0 && !skipBad)
        {
            await Console.Error.WriteLineAsync(Printing.Say("cli.import_problems", file.Problems.Count));
            return 1;
        }

        if (file.Rows.Count == 0)
        {
            await Console.Error.WriteLineAsync(Printing.Say("cli.import_empty"));
            return 1;
        }

        await using var engine = await Engine.OpenAsync(cancellationToken);
        // Null would be: the only one of that name, whoever's. Rows that are made need one owner.
        var outcome = await engine.SendAsync(new ImportTold(file.Rows, skipBad), cancellationToken, owner ?? "");
        if (outcome is Outcome<ToldImported>.Done { Value: var done })
        {
            await ShowAsync(done.Said);
        }

        var code = await Engine.ReportAsync(outcome, Say);
        if (outcome is Outcome<ToldImported>.Invalid)
        {
            await Console.Error.WriteLineAsync(Printing.Say("cli.import_nothing"));
        }

        // Somebody has to look at what was left out.
        return file.Problems.Count > 0 || outcome is Outcome<ToldImported>.Done { Value.Skipped: > 0 } ? 1 : code;
    }

    private static string Say(Outcome<ToldImported>.Done outcome)
    {
        var done = outcome.Value;
        return Printing.Say("cli.imported", done.Imported, done.Already, Some(done.TakenBack), Some(done.Skipped));

        static int? Some(int count) => count > 0 ? count : null;
    }

    private static async Task ShowAsync(IReadOnlyList<Sentence> problems)
    {
        foreach (var problem in problems.Take(MostShown))
        {
            await Console.Error.WriteLineAsync(Printing.OneLine(Engine.Words.Of(problem)));
        }

        if (problems.Count > MostShown)
        {
            await Console.Error.WriteLineAsync(Printing.Say("cli.and_more", problems.Count - MostShown));
        }
    }
}
