namespace Reminders.Cli.Dedupe;

/// <summary>Which column tells the oldest row from the newest.</summary>
internal static class OrderColumns
{
    public static readonly string[] LikelyNames = ["created_at", "created", "received_at", "inserted_at"];

    /// <returns>The column (null: the primary key) and why; nothing when nothing can tell.</returns>
    public static (string? Column, string Reason)? Choose(string? given, IReadOnlyList<string> columns, IReadOnlyList<string> primaryKey)
    {
        if (given is not null)
        {
            return (given, $"by {given}, as asked");
        }
        // Two of them contradict each other sooner or later; which is meant is a person's to say.
        if (LikelyNames.Intersect(columns).ToArray() is [var likely])
        {
            return (likely, $"by {likely}, the only column here that is named like an age");
        }

        return primaryKey.Count > 0 ? (null, $"by the primary key ({string.Join(", ", primaryKey)})") : null;
    }
}
