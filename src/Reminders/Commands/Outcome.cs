namespace Reminders.Commands;

/// <summary>An outcome, whatever it is one of.</summary>
internal interface IOutcome
{
    /// <summary>Whether it was done, or is so already.</summary>
    bool IsDone { get; }

    /// <summary>Why it was not done, as things stand; null where it was, or where the request itself was wrong.</summary>
    string? Refusal { get; }
}

/// <summary>What a command says to its caller. Expected outcomes are values; exceptions are bugs and outages.</summary>
public abstract record Outcome<T> : IOutcome
{
    private Outcome() { }

    bool IOutcome.IsDone => this is Done;

    string? IOutcome.Refusal =>
        this switch
        {
            NotFound none => none.What,
            Conflict conflict => conflict.Reason,
            _ => null,
        };

    /// <param name="Changed">Whether this call changed anything; doing the same again does not.</param>
    public sealed record Done(T Value, bool Changed = true) : Outcome<T>;

    /// <summary>Refused for what was given.</summary>
    /// <param name="Errors">Each wrong field, with what is wrong about the value it had.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string[]> Errors) : Outcome<T>;

    /// <summary>There is no such thing.</summary>
    public sealed record NotFound(string What) : Outcome<T>;

    /// <summary>Refused for how things stand.</summary>
    public sealed record Conflict(string Reason) : Outcome<T>;
}
