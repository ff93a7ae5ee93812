using Reminders.People;

namespace Reminders.Apps;

/// <summary>
/// Something of the app's own that people are told of (a slot, an order, a ticket), as the app has it now. The app's row is the
/// subject; the engine keeps what it takes to tell people once.
/// </summary>
/// <param name="Type">What it is, as its kinds name it (<c>Subject</c>): <c>slot</c>. 1 to 64 characters.</param>
/// <param name="Key">The app's own id of it. 1 to 200 characters.</param>
/// <param name="Status">What the app says of it, as its kinds name it (<c>On</c>, <c>WantedIn</c>): <c>approved</c>. 1 to 32 characters.
/// <c>cancelled</c> takes back what is not sent; any other status after that is a new version.</param>
/// <param name="HappensAt">The instant that kinds with <c>Before</c> go by. Another one is a new version.</param>
/// <param name="Parties">Who has which part in it. Other people are a new version. Null leaves them as they are.</param>
/// <param name="Data">What texts may say of it, as an object or a dictionary. Null leaves it as it is.</param>
public sealed record Subject(
    string? Type,
    string? Key,
    string? Status,
    DateTimeOffset? HappensAt = null,
    IReadOnlyList<Party>? Parties = null,
    object? Data = null
);

/// <param name="Role">As kinds name it (<c>To</c>): <c>candidate</c>. 1 to 32 characters.</param>
/// <param name="Person">By the app's own reference. What is left out of them stays as it is.</param>
public sealed record Party(string? Role, RecipientDraft? Person);

/// <param name="Version">It grows when, and only when, what people must be told changes.</param>
/// <param name="Status">What it is now: an answer may have moved it on since the app said so.</param>
/// <param name="Changed">False when all of it was so already.</param>
/// <param name="Planned">How many notifications this call planned.</param>
/// <param name="Suppressed">How many were planned or told before.</param>
public sealed record SubjectApplied(string Type, string Key, long Version, string Status, bool Changed, int Planned, int Suppressed);
