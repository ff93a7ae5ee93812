using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Commands;

/// <summary>A line of the audit.</summary>
/// <param name="About">What it was done to: <c>recipient #17</c>, <c>key booking-app</c>, <c>booking 7c1…</c>.</param>
/// <param name="Person">What the ledger calls that person now, where it is about one: a reference with its owner, or an erased one's
/// hash.</param>
/// <param name="Refused">It was asked for and not done.</param>
internal sealed record AuditLine(
    long Id,
    DateTimeOffset At,
    string Actor,
    string Action,
    string About,
    string? Person,
    string? Before,
    string? After,
    string? Reason,
    bool Refused
)
{
    /// <summary>Why, in words: a refusal is the engine's, and so is what the engine did; anything else is what a person said.</summary>
    public string? ReasonIn(Wording words) => Refused || Actor == "engine" ? words.Reason(Reason) : Reason;

    /// <summary>What it was done to: a name, or the engine's own word for many.</summary>
    public string AboutIn(Wording words) => words.Word("audited", About);
}

/// <summary>Reads the audit, newest first; paged by key, since lines are added while somebody reads.</summary>
internal sealed class AuditLog(CommandTransaction db)
{
    /// <param name="about">Only what was done to this; null means anything.</param>
    /// <param name="before">The last line of the page before; null means from the newest on.</param>
    public async Task<IReadOnlyList<AuditLine>> ReadAsync(string? about, long? before, int size, CancellationToken cancellationToken)
    {
        await using var read = db.Command(
                """
                SELECT l.id, l.at, l.actor, l.action, l.about, CASE WHEN r.id IS NOT NULL THEN r.owner || '/' || r.reference END,
                       l.before::text, l.after::text, l.reason, l.refused
                FROM reminders.audit l
                LEFT JOIN reminders.recipient r ON r.id = substring(l.about FROM '^recipient #([0-9]{1,18})$')::bigint
                WHERE ($1::text IS NULL OR l.about = $1) AND ($2::bigint IS NULL OR l.id < $2)
                ORDER BY l.id DESC LIMIT $3
                """
            )
            .With(about, before, size);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var lines = new List<AuditLine>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    Text(5),
                    Text(6),
                    Text(7),
                    Text(8),
                    reader.GetBoolean(9)
                )
            );
        }
        return lines;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
