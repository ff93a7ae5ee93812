namespace Reminders.Cli.Dedupe;

/// <summary>What <c>--apply</c> runs, as it runs it.</summary>
internal static class Statements
{
    public static IReadOnlyList<string> Of(DedupeTable table, DuplicateSurvey survey) =>
        [
            $"{Archive.Create(table)};",
            .. survey.Groups == 0
                ? (string[])[]
                :
                [
                    "-- for as long as it takes, unless an index begins with these columns "
                        + $"already{Environment.NewLine}{LookupIndex.Create(table)};",
                    $"-- each pass; the list is the session's own{Environment.NewLine}{Mover.List(table)}",
                    "-- each batch is one transaction: $1, $2 are a range of groups, $3 the "
                        + $"batch{Environment.NewLine}{Mover.Choose(table)};",
                    "-- $1 are the rows just locked, $2 the kept ones, $3 what pointed at the "
                        + $"former{Environment.NewLine}{Mover.Move(table)};",
                ],
            .. table.Settings.MakesIndex ? (string[])[$"{UniqueIndex.Create(table)};"] : [],
        ];
}
