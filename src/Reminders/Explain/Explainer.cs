using System.Text.Json;
using Reminders.Bookings;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>
/// Tells what happened to the notifications about a subject, from the tables alone: nothing is kept in memory or in logs, so
/// any node, and the command line, tells the same story.
/// </summary>
internal sealed class Explainer(SubjectLedger ledger)
{
    /// <param name="after">The former page's <c>next</c>.</param>
    /// <returns>Null when there is no such booking.</returns>
    public async Task<BookingStory?> ExplainAsync(Guid booking, Wording words, CancellationToken cancellationToken, long? after = null)
    {
        if (await ledger.ReadAsync(BookingSubject.Type, booking.ToString(), after, cancellationToken) is not { } rows)
        {
            return null;
        }

        var data = JsonSerializer.Deserialize<BookingSubject>(rows.Subject.Data, JsonSerializerOptions.Web)!;
        return new(
            booking,
            data.Title,
            rows.Subject.Status,
            rows.Subject.Version,
            rows.Subject.HappensAt!.Value,
            Stories(rows, words),
            rows.Next,
            rows.More
        );
    }

    /// <param name="after">The former page's <c>next</c>.</param>
    /// <returns>Null when nothing was ever asked for about it.</returns>
    public async Task<SubjectStory?> ExplainAsync(
        string type,
        string subject,
        Wording words,
        CancellationToken cancellationToken,
        long? after = null
    ) =>
        await ledger.ReadAsync(type, subject, after, cancellationToken) is { } rows
            ? new(type, subject, rows.Subject.Status, Stories(rows, words), rows.Next, rows.More)
            : null;

    private static ReminderStory[] Stories(LedgerRows rows, Wording words)
    {
        var byId = rows.Occurrences.Concat(rows.Others).ToDictionary(occurrence => occurrence.Id);
        return
        [
            .. rows.Occurrences.Select(occurrence =>
            {
                var stands = StorySummary.Of(occurrence, rows.Around);
                return new ReminderStory(
                    occurrence.Id,
                    occurrence.Kind,
                    occurrence.Version,
                    occurrence.Recipient.Name,
                    occurrence.State,
                    occurrence.DueAt,
                    occurrence.UsefulUntil,
                    words.Of(stands),
                    [
                        .. StoryEvents
                            .Of(occurrence, byId)
                            .Concat(StoryTexts.Of(occurrence, rows.Around))
                            .OrderBy(happened => happened.At)
                            .ThenBy(happened => happened.Step)
                            .Select(happened => happened.In(words)),
                    ]
                )
                {
                    Code = stands.Code,
                    Values = stands.Values,
                };
            }),
        ];
    }
}
