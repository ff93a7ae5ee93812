namespace Reminders.Cli.Dedupe;

/// <summary>What became of it; everything expected is one of these, what throws is the database's trouble or a bug.</summary>
internal abstract record DedupeOutcome
{
    /// <summary>The rows were moved, and the unique index stands.</summary>
    /// <param name="Index">Null where none was asked for.</param>
    public sealed record Done(long Moved, string? Index, int Attempts, bool Guarded) : DedupeOutcome;

    /// <summary>The rows are back in their table.</summary>
    public sealed record Undone(long Returned, IReadOnlyList<string> Dropped) : DedupeOutcome;

    /// <summary>There is a unique index already.</summary>
    public sealed record NothingToDo(string Why) : DedupeOutcome;

    /// <summary>Nothing was done, or not everything; what was moved stays moved.</summary>
    public sealed record Refused(string Why) : DedupeOutcome;
}
