using Reminders.Words;

namespace Reminders.Commands;

/// <summary>An outcome, whatever it is one of.</summary>
internal interface IOutcome
{
    /// <summary>Whether it was done, or is so already.</summary>
    bool IsDone { get; }

    /// <summary>
    /// Why it was not done, as things stand, as <see cref="Reasons"/> has it; null where it was, or where the request itself was wrong.
    /// </summary>
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
            NotFound none => none.Why,
            Conflict conflict => conflict.Why,
            _ => null,
        };

    /// <param name="Changed">Whether this call changed anything; doing the same again does not.</param>
    public sealed record Done(T Value, bool Changed = true) : Outcome<T>;

    /// <summary>Refused for what was given.</summary>
    /// <param name="Errors">Each wrong field, with what is wrong about the value it had.</param>
    public sealed record Invalid(IReadOnlyDictionary<string, string[]> Errors) : Outcome<T>
    {
        /// <summary>The same in a reader's language, as far as the engine said it.</summary>
        internal IReadOnlyDictionary<string, string[]> In(Wording words) => Errors is WrongFields wrong ? wrong.In(words) : Errors;
    }

    /// <summary>There is no such thing.</summary>
    public sealed record NotFound(string What) : Outcome<T>
    {
        /// <summary>The same as a code with its values: whoever is told reads it in their language.</summary>
        internal string Why { get; private init; } = Reasons.Said(What);

        internal static NotFound Of(string code, params ReadOnlySpan<object?> values) => Of(Reasons.Of(code, values));

        internal static NotFound Of(string why) => new(Wording.Brief.Reason(why)!) { Why = why };
    }

    /// <summary>Refused for how things stand.</summary>
    public sealed record Conflict(string Reason) : Outcome<T>
    {
        /// <inheritdoc cref="NotFound.Why"/>
        internal string Why { get; private init; } = Reasons.Said(Reason);

        internal static Conflict Of(string code, params ReadOnlySpan<object?> values) => Of(Reasons.Of(code, values));

        internal static Conflict Of(string why) => new(Wording.Brief.Reason(why)!) { Why = why };
    }
}
