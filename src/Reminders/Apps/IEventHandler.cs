using System.Data.Common;

namespace Reminders.Apps;

/// <summary>What became of a reminder.</summary>
/// <param name="Id">That of no other event, and the one a webhook has it under; a handler that is called again is given the same.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredAt">When it happened, and not when it is told.</param>
/// <param name="SubjectType">Of what it is about.</param>
/// <param name="Key">The app's own id of that.</param>
/// <param name="Owner">Whose it is; empty for the installation's own.</param>
/// <param name="Version">Of the subject, when it was.</param>
/// <param name="Kind">Which kind it is; null for an answer by hand, which came by no message.</param>
/// <param name="Recipient">By the app's reference; null for an answer by hand, or where they have none.</param>
/// <param name="Message">The engine's own id of it; null where there was none: an answer by hand, or nobody to send it to.</param>
/// <param name="Channel">Over which it went.</param>
/// <param name="Answer">Which answer it was, by the key that its kind declares.</param>
/// <param name="Status">What the answer made of the subject.</param>
/// <param name="Way">How the answer came: <c>press</c>, <c>link</c>, or who recorded it.</param>
/// <param name="Reason">Why it was held or given up, in English.</param>
/// <param name="Installation">Which one's it is, where the app has several; empty for the one without a name.</param>
public sealed record ReminderEvent(
    Guid Id,
    ReminderEventType Type,
    DateTimeOffset OccurredAt,
    string SubjectType,
    string Key,
    string Owner,
    long Version,
    string? Kind = null,
    string? Recipient = null,
    long? Message = null,
    string? Channel = null,
    string? Answer = null,
    string? Status = null,
    string? Way = null,
    string? Reason = null,
    string Installation = ""
);

/// <summary>What there is to hear of.</summary>
public enum ReminderEventType
{
    /// <summary>The provider has accepted it, or it was proved later.</summary>
    Sent,

    /// <summary>Nobody can know whether it arrived.</summary>
    Held,

    /// <summary>An answer was taken; not one that changed nothing.</summary>
    Answered,

    /// <summary>It was given up, and nothing else of the same reminder is on its way, held, or delivered.</summary>
    Unreachable,
}

/// <summary>
/// The app's part in what becomes of its reminders. It is called once for each event, whichever node it happened on: what it writes in
/// the transaction and that it was called are committed together. When it throws, neither is, and it is called again after a while. Events
/// of one subject come in their order, one at a time; others do not wait for them, and several may be under way at once.
/// </summary>
public interface IEventHandler
{
    /// <param name="transaction">On the engine's database, committed by the engine: for EF Core, <c>Database.SetDbConnection</c> and
    /// <c>UseTransaction</c>.</param>
    Task OnEventAsync(ReminderEvent told, DbTransaction transaction, CancellationToken cancellationToken);
}
