using System.Text.Json;
using Reminders.Bookings;

namespace Reminders.Explain;

/// <summary>
/// Tells what happened to the notifications about a subject, from the tables alone: nothing is kept in memory or in logs, so
/// any node, and the command line, tells the same story.
/// </summary>
internal sealed class Explainer(SubjectLedger ledger, SurroundingsReader surroundings)
{
    /// <returns>Null when there is no such booking.</returns>
    public async Task<BookingStory?> ExplainAsync(Guid booking, CancellationToken cancellationToken)
    {
        var around = await surroundings.ReadAsync(BookingSubject.Type, booking.ToString(), cancellationToken);
        if (await ledger.ReadAsync(BookingSubject.Type, booking.ToString(), cancellationToken) is not { } rows)
            return null;
        var data = JsonSerializer.Deserialize<BookingSubject>(rows.Subject.Data, JsonSerializerOptions.Web)!;
        return new(booking, data.Title, rows.Subject.Status, rows.Subject.Version, rows.Subject.HappensAt!.Value, Stories(rows, around));
    }

    /// <returns>Null when nothing was ever asked for about it.</returns>
    public async Task<SubjectStory?> ExplainAsync(string type, string subject, CancellationToken cancellationToken)
    {
        var around = await surroundings.ReadAsync(type, subject, cancellationToken);
        return await ledger.ReadAsync(type, subject, cancellationToken) is { } rows
            ? new(type, subject, rows.Subject.Status, Stories(rows, around)) : null;
    }

    private static ReminderStory[] Stories(LedgerRows rows, Surroundings around)
    {
        var byId = rows.Occurrences.ToDictionary(occurrence => occurrence.Id);
        return
        [
            .. rows.Occurrences.Select(occurrence => new ReminderStory(
                occurrence.Id, occurrence.Kind, occurrence.Version, occurrence.Recipient.Name, occurrence.State,
                occurrence.DueAt, occurrence.UsefulUntil, StorySummary.Of(occurrence, around),
                [.. StoryEvents.Of(occurrence, byId).OrderBy(happened => happened.At).ThenBy(happened => happened.Step)])),
        ];
    }
}
