using System.Data.Common;

namespace Reminders.Apps;

/// <summary>What somebody answered about a subject of the app's.</summary>
/// <param name="Type">Of the subject.</param>
/// <param name="Key">The app's own id of it.</param>
/// <param name="Owner">Whose it is; empty for the installation's own.</param>
/// <param name="Version">Of the subject when it was answered: an earlier one than it has now is of something that has changed.</param>
/// <param name="Choice">Which answer it was, by the key that its kind declares: <c>confirm</c>, <c>later</c>.</param>
/// <param name="Status">What the answer made of the subject: <c>confirmed</c>, <c>declined</c>, the answer's key where it closed the
/// question; what it was already where it left it open.</param>
/// <param name="Way">How it came: <c>press</c>, <c>link</c>, or who recorded it.</param>
/// <param name="Kind">Which kind asked; null where it came by no message.</param>
/// <param name="Recipient">Who answered, by the app's reference; null where it came by no message, or they have none.</param>
/// <param name="Installation">Which one's subject it is, where the app has several; empty for the one without a name.</param>
public sealed record Answer(
    string Type,
    string Key,
    string Owner,
    long Version,
    string Choice,
    string Status,
    string Way,
    DateTimeOffset AnsweredAt,
    string? Kind = null,
    string? Recipient = null,
    string Installation = ""
);

/// <summary>
/// The app's part in an answer. It is called once for each answer, whichever node took it: what it writes in the transaction and
/// that it was called are committed together. When it throws, neither is, and it is called again after a while; one answer never waits
/// for another subject's.
/// </summary>
public interface IAnswerHandler
{
    /// <param name="transaction">On the engine's database, committed by the engine: for EF Core, <c>Database.SetDbConnection</c> and
    /// <c>UseTransaction</c>.</param>
    Task OnAnswerAsync(Answer answer, DbTransaction transaction, CancellationToken cancellationToken);
}
