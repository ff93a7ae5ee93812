namespace Reminders.Words;

/// <summary>What is wrong with a file that is given to <c>import</c>.</summary>
internal static class EnglishFiles
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["wrong.no_csv"] = "is no CSV: a quote is open, or stands inside of a value.",
        ["wrong.no_header"] = "there is no header. It names the columns: {0}",
        ["wrong.lacks_column"] = "the header has no column {0}. There are {1}.",
        ["wrong.unknown_column"] = "the header has '{0}', which is no column. There are {1}.",
        ["wrong.column_twice"] = "the header has {0} twice.",
        ["wrong.count_of_fields"] = "has {0} fields: the header has {1}.",
        ["wrong.no_row"] = "is no JSON object, from byte {0} on.",
        ["wrong.unknown_in_row"] = "has '{0}', which is no field. There are {1}.",
        ["form.columns"] = "{0}; where wanted {1}, data.…",
        ["form.instant_of_file"] = "an instant with its offset, such as 2026-03-01T09:30:00Z or 2026-03-01 09:30:00+00",
    };
}
