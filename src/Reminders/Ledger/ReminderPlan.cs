using System.Diagnostics.Contracts;
using System.Globalization;
using Reminders.Kinds;

namespace Reminders.Ledger;

/// <summary>A subject as it stands at the moment of planning.</summary>
/// <param name="Fingerprint">Of what is announced of it: the column <c>told</c>. The same fingerprint is not told twice.</param>
internal sealed record SubjectNow(
    long Id,
    string Type,
    long Version,
    string Status,
    DateTimeOffset? HappensAt,
    string Fingerprint,
    IReadOnlyList<PartyNow> Parties
);

/// <summary>Who has which part in it.</summary>
internal readonly record struct PartyNow(string Role, long RecipientId);

/// <summary>One line of the ledger to be: who is told what, when, and until when it is worth telling.</summary>
internal sealed record PlannedOccurrence(
    KindDefinition Kind,
    long SubjectId,
    long Version,
    long RecipientId,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    string Fingerprint,
    string? SkippedBecause
);

/// <summary>
/// Decides what a subject's event makes due, for whom and when. Pure: the same subject, kind and instant always give
/// the same plan, and the instant is the database's.
/// </summary>
[Pure]
internal static class ReminderPlan
{
    public const string BelowMinimumLead = "below_minimum_lead";

    public static IEnumerable<PlannedOccurrence> For(SubjectNow subject, IEnumerable<KindDefinition> kinds, DateTimeOffset now) =>
        from kind in kinds
        from party in subject.Parties
        where party.Role == kind.To
        select One(subject, kind, party.RecipientId, now);

    private static PlannedOccurrence One(SubjectNow subject, KindDefinition kind, long recipientId, DateTimeOffset now)
    {
        if (kind.Before is not { } before || subject.HappensAt is not { } happensAt)
        {
            // It tells of something that happened, not of the instant: what was told of an earlier version was another event.
            var fingerprint = string.Create(CultureInfo.InvariantCulture, $"{subject.Fingerprint}/v{subject.Version}");
            return new(kind, subject.Id, subject.Version, recipientId, now, now + kind.UsefulFor, fingerprint, null);
        }

        var due = CeilToSecond(happensAt - before);
        var usefulUntil = happensAt - kind.UsefulUntilBefore;
        if (due > now)
        {
            return new(kind, subject.Id, subject.Version, recipientId, due, usefulUntil, subject.Fingerprint, null);
        }

        // Planned after its due time (rule 11): at once, or not at all.
        var lead = kind.MinimumLead ?? kind.UsefulUntilBefore;
        var skipped = happensAt - now < lead || usefulUntil <= now ? BelowMinimumLead : null;
        return new(kind, subject.Id, subject.Version, recipientId, now, usefulUntil, subject.Fingerprint, skipped);
    }

    /// <summary>Due times share whole seconds, so that thousands of occurrences share one trigger; never early.</summary>
    private static DateTimeOffset CeilToSecond(DateTimeOffset instant)
    {
        var excess = instant.UtcTicks % TimeSpan.TicksPerSecond;
        return excess == 0 ? instant : instant.AddTicks(TimeSpan.TicksPerSecond - excess);
    }
}
