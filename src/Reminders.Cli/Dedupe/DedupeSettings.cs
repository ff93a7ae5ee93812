namespace Reminders.Cli.Dedupe;

internal enum Keep
{
    Oldest,
    Newest,
}

/// <param name="Table">As it is called: bare when it is on the search path, or with its schema; quoted or not.</param>
/// <param name="Keys">Columns, or expressions over one row (<c>metadata->>'customer_id'</c>). One that is no column is taken as several,
/// separated by commas.</param>
/// <param name="Order">The column that says which row is the oldest. Null: found, see <see cref="OrderColumns"/>.</param>
/// <param name="Batch">Rows moved in one transaction, at most.</param>
internal sealed record DedupeSettings(
    string Table,
    IReadOnlyList<string> Keys,
    Keep Keep = Keep.Oldest,
    string? Order = null,
    int Batch = 1000
)
{
    /// <summary>A condition over one row: the others are not looked at, and the index does not cover them. Null: all rows.</summary>
    public string? Where { get; init; }

    /// <summary>A condition over one row: of several, one that fulfils it is kept, whatever its age. Null: the age alone decides.</summary>
    public string? Prefer { get; init; }

    /// <summary>
    /// A row this much younger than the one kept before it is no duplicate. No index can say that, so none is made. Null: rows
    /// are duplicates for ever.
    /// </summary>
    public TimeSpan? Within { get; init; }

    /// <summary>Whether only the rows are moved, and nothing keeps others from coming.</summary>
    public bool NoIndex { get; init; }

    /// <summary>Whether rows that point at one that is moved are made to point at the one that is kept; otherwise they are in the
    /// way.</summary>
    public bool Repoint { get; init; }

    /// <summary>Whether a NULL in a part of the key equals another. A row whose keys are all NULL is still nobody's duplicate.</summary>
    public bool NullsEqual { get; init; }

    /// <summary>Whether an empty text in a key is a value like another; otherwise it says, like NULL, that there is none.</summary>
    public bool EmptyCounts { get; init; }

    /// <summary>Whether a unique index follows.</summary>
    public bool MakesIndex => !NoIndex && Within is null;

    /// <summary>How often the index is tried while duplicates keep coming.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>As many of the attempts go without the <see cref="InsertGuard"/>, for which writers wait a moment.</summary>
    public int AttemptsUnguarded { get; init; } = 3;

    /// <summary>The pause after the first failed attempt; it doubles.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);
}
