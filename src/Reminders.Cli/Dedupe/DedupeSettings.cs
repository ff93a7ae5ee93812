namespace Reminders.Cli.Dedupe;

internal enum Keep
{
    Oldest,
    Newest,
}

/// <param name="Table">As it is called: bare when it is on the search path, or with its schema; quoted or not.</param>
/// <param name="Keys">Column names. One that is no column is taken as several, separated by commas.</param>
/// <param name="Order">The column that says which row is the oldest. Null: found, see <see cref="OrderColumns"/>.</param>
/// <param name="Batch">Rows moved in one transaction, at most.</param>
internal sealed record DedupeSettings(string Table, IReadOnlyList<string> Keys, Keep Keep = Keep.Oldest, string? Order = null, int Batch = 1000)
{
    /// <summary>How often the index is tried while duplicates keep coming.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>As many of the attempts go without the <see cref="InsertGuard"/>, for which writers wait a moment.</summary>
    public int AttemptsUnguarded { get; init; } = 3;

    /// <summary>The pause after the first failed attempt; it doubles.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);
}
