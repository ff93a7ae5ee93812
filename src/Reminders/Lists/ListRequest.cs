using System.Text.Json.Serialization;

namespace Reminders.Lists;

/// <summary>
/// What a caller asks of a list, as texts: what is wrong with them is said field by field, over HTTP and on the command line alike.
/// What is null or empty is not asked for; a list ignores what it has no filter for.
/// </summary>
/// <param name="State">A state of the list's own.</param>
/// <param name="Kind">A kind of notification, such as <c>CONFIRM_2H</c>.</param>
/// <param name="Channel">A channel, such as <c>telegram</c>.</param>
/// <param name="Person">The reference of a person concerned.</param>
/// <param name="Since">Then or later, with its offset.</param>
/// <param name="Until">Before then, with its offset.</param>
/// <param name="After">The former page's <see cref="ListPage{TItem}.Next"/>.</param>
/// <param name="Size">1 to 200 items; 50 by default.</param>
public sealed record ListRequest(
    string? State = null,
    string? Kind = null,
    string? Channel = null,
    string? Person = null,
    string? Since = null,
    string? Until = null,
    string? After = null,
    string? Size = null
)
{
    /// <summary>Of messages: the key of what they are about, such as a booking's id, or its type and key.</summary>
    public string? About { get; init; }

    /// <summary>Of messages: the recipient's reference, or the beginning of their name.</summary>
    public string? Name { get; init; }

    /// <summary>Of messages: what the provider calls it.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Of messages: a reason's code, or a part of what is said of one in any language, or of what a provider said.</summary>
    public string? Reason { get; init; }
}

/// <param name="Next">What to give as <c>after</c> for the next page; null on the last.</param>
public sealed record ListPage<TItem>(IReadOnlyList<TItem> Items, string? Next)
{
    /// <summary>
    /// How far a search has looked, where it had to stop before the end: to what was written then, or what waits until then.
    /// <see cref="Next"/> goes on from there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LookedTo { get; init; }
}

/// <summary>A person as a list names them.</summary>
public sealed record ListedPerson(string Reference, string Name);
