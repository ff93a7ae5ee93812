using System.CommandLine;
using System.Globalization;
using Reminders.Cli.Imports;
using Reminders.Commands;
using Reminders.Imports;

namespace Reminders.Cli.Commands;

/// <summary>Tells the ledger what another system has sent already: docs/cut-over.md.</summary>
internal static class ImportCommand
{
    private const int MostShown = FieldErrors.Most;

    private static readonly Argument<string> Source = new("file")
    {
        Description = "CSV with a header, or a JSON object in each line; - for standard input. Columns: " + ToldFields.Names + ".",
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
            await Console.Error.WriteLineAsync($"There is no file '{Printing.OneLine(source)}'.");
            return 1;
        }

        using var text = source == "-" ? Console.In : File.OpenText(source);
        var file = ToldFile.Read(text);
        await ShowAsync(file.Problems);
        if (file.Problems.Count > 0 && !skipBad)
        {
            await Console.Error.WriteLineAsync($"Nothing was imported: {file.Problems.Count} problems.");
            return 1;
        }

        if (file.Rows.Count == 0)
        {
            await Console.Error.WriteLineAsync("Nothing was imported: there is no row.");
            return 1;
        }

        await using var engine = await Engine.OpenAsync(cancellationToken);
        // Null would be: the only one of that name, whoever's. Rows that are made need one owner.
        var outcome = await engine.SendAsync(new ImportTold(file.Rows, skipBad), cancellationToken, owner ?? "");
        if (outcome is Outcome<ToldImported>.Done { Value: var done })
        {
            await ShowAsync([.. done.Said.Select(Engine.Words.Of)]);
        }

        var code = await Engine.ReportAsync(outcome, Say);
        if (outcome is Outcome<ToldImported>.Invalid)
        {
            await Console.Error.WriteLineAsync("Nothing was imported.");
        }

        // Somebody has to look at what was left out.
        return file.Problems.Count > 0 || outcome is Outcome<ToldImported>.Done { Value.Skipped: > 0 } ? 1 : code;
    }

    private static string Say(Outcome<ToldImported>.Done outcome)
    {
        var done = outcome.Value;
        return string.Create(CultureInfo.InvariantCulture, $"{done.Imported} imported, {done.Already} were there already.")
            + (done.TakenBack > 0 ? $" {done.TakenBack} of them were planned here, and are not sent any more." : "")
            + (done.Skipped > 0 ? $" {done.Skipped} were left out." : "");
    }

    private static async Task ShowAsync(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems.Take(MostShown))
        {
            await Console.Error.WriteLineAsync(Printing.OneLine(problem));
        }

        if (problems.Count > MostShown)
        {
            await Console.Error.WriteLineAsync($"… and {problems.Count - MostShown} more.");
        }
    }
}
