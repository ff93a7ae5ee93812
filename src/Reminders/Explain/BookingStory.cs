using System.Text.Json.Serialization;

namespace Reminders.Explain;

/// <summary>Everything that happened to a booking's reminders, and why (rule 14), a page at a time.</summary>
/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
/// <param name="More">How many reminders follow.</param>
public sealed record BookingStory(
    Guid Id,
    string Title,
    string Status,
    long ScheduleVersion,
    DateTimeOffset StartsAt,
    IReadOnlyList<ReminderStory> Reminders,
    long? Next,
    int More
);

/// <summary>The same of what is no booking.</summary>
/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
/// <param name="More">How many reminders follow.</param>
/// <param name="Status">open, or cancelled once it was closed.</param>
public sealed record SubjectStory(string Type, string Subject, string Status, IReadOnlyList<ReminderStory> Reminders, long? Next, int More);

/// <summary>One reminder from planning to answer.</summary>
/// <param name="Summary">How it stands, in one sentence.</param>
/// <param name="Events">In the order they happened; of very many messages, attempts or presses the newest hundred.</param>
public sealed record ReminderStory(
    long Id,
    string Kind,
    long Version,
    string Recipient,
    string State,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    string Summary,
    IReadOnlyList<StoryEvent> Events
)
{
    /// <summary>Which sentence the summary is, in any language.</summary>
    public string Code { get; init; } = "";

    /// <summary>What is filled into it: texts, numbers, instants, and sentences of their own, each with its code and values.</summary>
    public IReadOnlyList<object?> Values { get; init; } = [];
}

/// <summary>One thing that happened.</summary>
/// <param name="At">When; for what happened several times, the last.</param>
/// <param name="Text">What, in a sentence.</param>
/// <param name="By">Who or which node; null when nobody is on record.</param>
/// <param name="MessageId">The message it happened to, if one.</param>
/// <param name="DecidedBy">The occurrence that decided it, if another did.</param>
/// <param name="Rule">The rule that decided it, if one did.</param>
public sealed record StoryEvent(
    DateTimeOffset At,
    StoryStep Step,
    string Text,
    string? By = null,
    long? MessageId = null,
    long? DecidedBy = null,
    string? Rule = null
)
{
    /// <summary>Which sentence the text is, in any language.</summary>
    public string Code { get; init; } = "";

    /// <summary>What is filled into it: texts, numbers, instants, and sentences of their own, each with its code and values.</summary>
    public IReadOnlyList<object?> Values { get; init; } = [];
}

/// <summary>What kind of thing happened, in the order in which one transaction has them happen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StoryStep>))]
public enum StoryStep
{
    /// <summary>It was written into the ledger.</summary>
    [JsonStringEnumMemberName("planned")]
    Planned,

    /// <summary>The same was asked for again, and not obeyed.</summary>
    [JsonStringEnumMemberName("suppressed")]
    Suppressed,

    /// <summary>Its time had come: it was judged by the booking as it was then.</summary>
    [JsonStringEnumMemberName("fired")]
    Fired,

    /// <summary>It was taken back before its time came.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>A button was pressed: by its recipient, or by somebody else, who was refused.</summary>
    [JsonStringEnumMemberName("pressed")]
    Pressed,

    /// <summary>Its recipient answered by no button, and somebody recorded it.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>An operator did something by hand.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>A message was handed to a channel's queue.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>A node took a message out of the queue.</summary>
    [JsonStringEnumMemberName("claimed")]
    Claimed,

    /// <summary>A node tried to deliver a message.</summary>
    [JsonStringEnumMemberName("attempted")]
    Attempted,

    /// <summary>A message came to rest without an attempt.</summary>
    [JsonStringEnumMemberName("settled")]
    Settled,

    /// <summary>A text of a message came with a deployment, or from the app itself; nobody decided it here.</summary>
    [JsonStringEnumMemberName("deployed")]
    Deployed,
}
