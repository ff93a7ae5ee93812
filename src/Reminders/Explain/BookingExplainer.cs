namespace Reminders.Explain;

/// <summary>
/// Tells what happened to a booking's reminders, from the tables alone: nothing is kept in memory or in logs, so any node,
/// and the command line, tells the same story.
/// </summary>
internal sealed class BookingExplainer(BookingLedger ledger)
{
    /// <returns>Null when there is no such booking.</returns>
    public async Task<BookingStory?> ExplainAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await ledger.ReadAsync(id, cancellationToken) is not { } rows)
            return null;
        var byId = rows.Occurrences.ToDictionary(occurrence => occurrence.Id);
        return new(
            id, rows.Data.Title, rows.Subject.Status, rows.Subject.Version, rows.Subject.HappensAt!.Value,
            [.. rows.Occurrences.Select(occurrence => new ReminderStory(
                occurrence.Id, occurrence.Kind, occurrence.Version, occurrence.Recipient.Name, occurrence.State,
                occurrence.DueAt, occurrence.UsefulUntil, StorySummary.Of(occurrence),
                [.. StoryEvents.Of(occurrence, byId).OrderBy(happened => happened.At)]))]);
    }
}
