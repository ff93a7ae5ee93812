using Reminders.Bookings;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>One occurrence of a booking: what is, was or was not told to whom.</summary>
/// <param name="State">planned, waiting, fired, skipped or cancelled.</param>
/// <param name="Suppressed">How often the same was asked for again and not obeyed.</param>
public sealed record ReminderView(
    long Id,
    string Kind,
    long Version,
    ReminderRecipient Recipient,
    string State,
    string? Reason,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    IReadOnlyList<MessageView> Messages,
    int Suppressed
);

/// <summary>Whom it is for.</summary>
public sealed record ReminderRecipient(string Reference, string Name);

/// <summary>One message of an occurrence, on one channel.</summary>
/// <param name="Operation">send, or edit for a change of a message already delivered.</param>
/// <param name="State">pending, sending, retry, sent, uncertain, dead or cancelled.</param>
/// <param name="Number">0 for the first; each resend is one more.</param>
/// <param name="Attempts">How many tries were spent on it.</param>
public sealed record MessageView(
    long Id,
    string Channel,
    string Operation,
    string State,
    int Number,
    string? Reason,
    int Attempts,
    string? ProviderMessageId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt
);

/// <param name="Next">The last of the page, where more follow; else null.</param>
internal sealed record ReminderPage(IReadOnlyList<ReminderView> Items, long? Next);

/// <summary>Lists the reminders of a booking, a page at a time.</summary>
internal sealed class BookingReminders(SubjectLedger ledger)
{
    /// <returns>Null when there is no such booking.</returns>
    public async Task<ReminderPage?> FindAsync(Guid id, long? after, Wording words, CancellationToken cancellationToken) =>
        await ledger.ReadAsync(BookingSubject.Type, id.ToString(), after, cancellationToken) is { } rows
            ? new([.. rows.Occurrences.Select(row => View(row, words))], rows.Next)
            : null;

    private static ReminderView View(OccurrenceRow row, Wording words) =>
        new(
            row.Id,
            row.Kind,
            row.Version,
            new(row.Recipient.Reference, row.Recipient.Name),
            row.State,
            words.Reason(row.Reason),
            row.DueAt,
            row.UsefulUntil,
            [.. row.Messages.OrderBy(message => message.Id).Select(message => View(message, words))],
            row.Suppressions.Sum(suppression => suppression.Count)
        );

    private static MessageView View(OutboxRow row, Wording words) =>
        new(
            row.Id,
            row.Channel,
            row.Operation,
            row.State.ToColumn(),
            row.ResendNumber,
            words.Reason(row.Reason),
            row.AttemptsSpent,
            row.ProviderMessageId,
            row.CreatedAt,
            row.SettledAt
        );
}
