namespace Reminders.Words;

/// <summary>
/// What there is to say, without its words: which sentence, and what is filled in. A value is a text (quoted as it is), a number, an
/// instant, a length of time, a sentence of its own, or several of one of these; null where there is nothing to say.
/// </summary>
/// <param name="Code">By which every language has its words for it.</param>
internal sealed record Sentence(string Code, params IReadOnlyList<object?> Values)
{
    /// <summary>The same sentence, by what it says.</summary>
    public bool Equals(Sentence? other) => other is not null && Code == other.Code && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Values.Count);
}

/// <summary>A value: so many were counted, and there are more. Nobody would do anything else if they knew how many.</summary>
internal sealed record MoreThan(long Least);
