using System.Globalization;
using Spectre.Console;

namespace Reminders.Cli.Dedupe;

/// <summary>What a person sees before anything is written.</summary>
internal static class DedupeReport
{
    public static void Write(IAnsiConsole console, DedupeTable table, DuplicateSurvey survey, DeleteTriggers triggers, bool apply)
    {
        console.WriteLine(
            $"{table.Schema}.{table.Name}: {Number(survey.Rows)} rows, {Number(survey.Groups)} groups of duplicates by "
                + $"{table.KeyNames}, {Number(survey.ToMove)} rows to move."
        );
        var preferred = table.Settings.Prefer is { } prefer ? $"one with {prefer}, or else " : "";
        console.WriteLine($"Kept is {preferred}the {(table.Keep == Keep.Oldest ? "oldest" : "newest")} of each, {table.OrderReason}.");
        if (table.Settings.Within is { } within)
        {
            console.WriteLine(
                $"A row {within} or more after the one that began its window is no duplicate. No index can say that, so none is made."
            );
        }

        if (survey.NullKeys > 0)
        {
            console.WriteLine($"{Number(survey.NullKeys)} {(survey.NullKeys == 1 ? "row is" : "rows are")} left alone: {Absent(table)}.");
        }

        if (table.Settings.MakesIndex && table.Predicate is { } rows)
        {
            console.WriteLine($"The index covers the rows with {rows}; an ON CONFLICT names it as ({table.KeyList}) WHERE {rows}.");
        }

        if (triggers.Names.Count > 0)
        {
            console.WriteLine($"Mind that a moved row is deleted from its table, and fires: {string.Join(", ", triggers.Names)}.");
        }

        if (survey.Largest.Count > 0)
        {
            console.Write(Groups(table, survey));
        }

        if (survey.Groups > survey.Largest.Count)
        {
            console.WriteLine($"These are the {survey.Largest.Count} largest of {Number(survey.Groups)} groups.");
        }

        if (apply)
        {
            return;
        }

        console.WriteLine();
        console.WriteLine("Nothing was written. With --apply, these run:");
        foreach (var statement in Statements.Of(table, survey))
        {
            console.WriteLine();
            console.WriteLine(statement);
        }
    }

    public static void WriteUndo(IAnsiConsole console, long waiting, IReadOnlyList<string> indexes, bool apply)
    {
        console.WriteLine(
            $"{Number(waiting)} {(waiting == 1 ? "row was" : "rows were")} moved aside and can be put "
                + $"back{(indexes.Count == 0 ? "" : $"; dropped for it: {string.Join(", ", indexes)}")}."
        );
        if (!apply)
        {
            console.WriteLine("Nothing was written. With --apply, it is.");
        }
    }

    public static string Rows(long count) => $"{Number(count)} {(count == 1 ? "row was" : "rows were")}";

    private static string Absent(DedupeTable table) =>
        table switch
        {
            { Settings.NullsEqual: true } => "they have no key at all",
            { Settings.EmptyCounts: false } when table.Keys.Any(key => key.IsText) =>
                "a key is NULL or empty, which says that there is none (--empty-counts for the latter, --nulls-equal for the former)",
            _ => "a key is NULL, and UNIQUE lets NULLs repeat (--nulls-equal)",
        };

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Table Groups(DedupeTable table, DuplicateSurvey survey)
    {
        var shown = new Table().Border(TableBorder.Rounded);
        foreach (var key in table.Keys)
        {
            shown.AddColumn(Markup.Escape(key.Name));
        }

        shown.AddColumn(new TableColumn("rows").RightAligned()).AddColumn("kept");
        foreach (var group in survey.Largest)
        {
            shown.AddRow([
                .. group.Keys.Select(key => key ?? "NULL").Append(Number(group.Copies)).Append(group.Kept).Select(Markup.Escape),
            ]);
        }

        return shown;
    }
}
