namespace Reminders.Web.Console;

/// <summary>
/// What a page shows: put here by its endpoint, taken from here by its component, whose parameters would have to be public.
/// </summary>
internal sealed class Shown<T>
    where T : class
{
    private T? _it;

    /// <summary>Not where it took too long, and was left out.</summary>
    public bool IsThere => _it is not null;

    public T It
    {
        get => _it ?? throw new InvalidOperationException($"No {typeof(T).Name} was given to the page.");
        set => _it = value;
    }
}

/// <summary>What a page that is not to be had owes its visitor beside its status.</summary>
internal enum TroubleCause
{
    None,

    /// <summary>The database is another build's, as in the middle of an upgrade.</summary>
    OtherSchema,

    /// <summary>A statement that the page cannot do without was ended at its bound.</summary>
    TookTooLong,
}

/// <param name="TraceId">What finds it in the log.</param>
/// <param name="GoOn">Below the console: where what was typed is in its form again.</param>
internal sealed record Trouble(int Status, string TraceId, TroubleCause Cause = TroubleCause.None, string? GoOn = null);
