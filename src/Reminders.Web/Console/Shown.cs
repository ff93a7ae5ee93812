namespace Reminders.Web.Console;

/// <summary>
/// What a page shows: put here by its endpoint, taken from here by its component, whose parameters would have to be public.
/// </summary>
internal sealed class Shown<T>
    where T : class
{
    private T? _it;

    public T It
    {
        get => _it ?? throw new InvalidOperationException($"No {typeof(T).Name} was given to the page.");
        set => _it = value;
    }
}

/// <param name="TraceId">What finds it in the log.</param>
internal sealed record Trouble(int Status, string TraceId);
