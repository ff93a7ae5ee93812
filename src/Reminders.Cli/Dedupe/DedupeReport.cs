using System.Globalization;
using Spectre.Console;

namespace Reminders.Cli.Dedupe;

/// <summary>What a person sees before anything is written.</summary>
internal static class DedupeReport
{
    public static void Write(IAnsiConsole console, DedupeTable table, DuplicateSurvey survey, DeleteTriggers triggers, bool apply)
    {
        console.WriteLine($"{table.Schema}.{table.Name}: {Number(survey.Rows)} rows, {Number(survey.Groups)} groups of duplicates by {string.Join(", ", table.Keys)}, {Number(survey.ToMove)} rows to move.");
        console.WriteLine($"Kept is the {(table.Keep == Keep.Oldest ? "oldest" : "newest")} of each, {table.OrderReason}.");
        if (survey.NullKeys > 0)
            console.WriteLine($"{Number(survey.NullKeys)} rows have a NULL in a key: UNIQUE lets them repeat, so they are left alone.");
        if (triggers.Names.Count > 0)
            console.WriteLine($"Mind that a moved row is deleted from its table, and fires: {string.Join(", ", triggers.Names)}.");
        if (survey.Largest.Count > 0)
            console.Write(Groups(table, survey));
        if (survey.Groups > survey.Largest.Count)
            console.WriteLine($"These are the {survey.Largest.Count} largest of {Number(survey.Groups)} groups.");
        if (apply)
            return;
        console.WriteLine();
        console.WriteLine("Nothing was written. With --apply, these run:");
        foreach (var statement in Statements.Of(table, survey))
        {
            console.WriteLine();
            console.WriteLine(statement);
        }
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Table Groups(DedupeTable table, DuplicateSurvey survey)
    {
        var shown = new Table().Border(TableBorder.Rounded);
        foreach (var key in table.Keys)
            shown.AddColumn(Markup.Escape(key));
        shown.AddColumn(new TableColumn("rows").RightAligned()).AddColumn("kept");
        foreach (var group in survey.Largest)
            shown.AddRow([.. group.Keys.Append(Number(group.Copies)).Append(group.Kept).Select(Markup.Escape)]);
        return shown;
    }
}
