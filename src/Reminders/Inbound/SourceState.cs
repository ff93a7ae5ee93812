using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Inbound;

/// <summary>How updates of one provider get here, as its row says. One judgement for readiness and for doctor.</summary>
internal sealed record SourceState(
    string Name,
    TimeSpan? SinceChecked,
    string? Problem,
    TimeSpan? ProblemFor,
    int Pending,
    TimeSpan? SinceAccepted,
    TimeSpan? SinceRefused,
    string? Refusal,
    long Refused
)
{
    // What was refused longer ago says nothing about now.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<SourceState>> ReadAsync(Database database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT name, now() - checked_at, problem, now() - problem_at, pending, now() - accepted_at, now() - refused_at, refusal, refused
            FROM reminders.source ORDER BY name
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<SourceState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(
                new(reader.GetString(0), Span(1), Text(2), Span(3), reader.GetInt32(4), Span(5), Span(6), Text(7), reader.GetInt64(8))
            );
        }

        return states;

        TimeSpan? Span(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<TimeSpan>(column);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <param name="atLeastEvery">How often a node should ask the provider; null where nobody does.</param>
    /// <returns>What is wrong, in one sentence without its full stop; null for nothing.</returns>
    public Sentence? Wrong(TimeSpan? atLeastEvery)
    {
        if (Problem is { } problem)
        {
            return new("found.source_trouble", Reasons.Meaning(problem), Ago(ProblemFor));
        }

        if (atLeastEvery is { } bound && !(SinceChecked < bound))
        {
            return SinceChecked is { } silence ? new("found.source_silent", Ago(silence)) : new("found.source_unasked");
        }
        // Something since then was the provider's, and taken.
        if (SinceRefused < Recent && !(SinceAccepted < SinceRefused))
        {
            return new("found.source_refused", Ago(SinceRefused), Reasons.Meaning(Refusal ?? ""), Refused);
        }

        return null;
    }

    /// <summary>What is well, for those who want to know it all the same.</summary>
    public Sentence Right() => SinceAccepted is { } ago ? new("found.source_heard", Ago(ago)) : new("found.source_ready");

    private static Sentence Ago(TimeSpan? span) =>
        span switch
        {
            { TotalSeconds: < 120 } => new("found.ago_seconds", (long)Math.Round(span.Value.TotalSeconds)),
            { TotalMinutes: < 120 } => new("found.ago_minutes", (long)Math.Round(span.Value.TotalMinutes)),
            { } => new("found.ago_hours", (long)Math.Round(span.Value.TotalHours)),
            null => new("found.ago_unknown"),
        };
}
