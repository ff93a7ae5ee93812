using Reminders.Words;

namespace Reminders.Explain;

/// <summary>One thing that happened, before it is put into words: see <see cref="StoryEvent"/>.</summary>
internal sealed record Happening(
    DateTimeOffset At,
    StoryStep Step,
    Sentence Said,
    object? By = null,
    long? MessageId = null,
    long? DecidedBy = null,
    Sentence? Rule = null
)
{
    public StoryEvent In(Wording words) =>
        new(
            At,
            Step,
            words.Of(Said),
            By is Sentence who ? words.Of(who) : (string?)By,
            MessageId,
            DecidedBy,
            Rule is { } rule ? words.Of(rule) : null
        )
        {
            Code = Said.Code,
            Values = Said.Values,
        };
}
