using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>Which messages in doubt: those that match all that is given. At least one has to be.</summary>
/// <param name="Since">Began then or later.</param>
/// <param name="Until">Began before or within that second.</param>
/// <param name="Incident">Began within that rest of a channel.</param>
internal sealed record HeldFilter(string? Channel, string? Kind, DateTimeOffset? Since, DateTimeOffset? Until, long? Incident)
{
    /// <summary>How many one command takes: it holds their subjects locked until it commits.</summary>
    public const int Most = 500;

    /// <summary>
    /// Message <c>m</c> fell into doubt by the rest <c>i</c>. By its outcome and not only its start: the run of doubts began with
    /// the first that had none.
    /// </summary>
    public const string InIncident = """
        m.queue = 'held' AND m.operation = 'send' AND m.channel = i.channel
        AND m.settled_at >= i.began_at AND m.send_started_at <= coalesce(i.ended_at, 'infinity')
        """;

    public FieldErrors Check(string? reason)
    {
        var errors = new FieldErrors();
        errors.Text("channel", Channel, 32, required: false);
        errors.Text("kind", Kind, 64, required: false);
        errors.Text("reason", reason, 1000, required: true);
        if (string.IsNullOrWhiteSpace(Channel) && string.IsNullOrWhiteSpace(Kind) && Since is null && Incident is null)
        {
            errors.Add("channel", "wrong.all_doubts");
        }

        if (Since is { } since && Until is { } until && until < since)
        {
            errors.Add("until", "wrong.before_since", $"{until:O}", $"{since:O}");
        }

        return errors;
    }

    public async Task<bool> IncidentIsThereAsync(CommandTransaction db, CancellationToken cancellationToken)
    {
        if (Incident is null)
        {
            return true;
        }

        await using var look = db.Command("SELECT EXISTS (SELECT FROM reminders.incident WHERE id = $1)").With(Incident);
        return (bool)(await look.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<long> CountAsync(CommandTransaction db, CancellationToken cancellationToken)
    {
        await using var count = db.Command($"SELECT count(*) FROM reminders.outbox m WHERE {Matching}").With(Values);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The first to become useless first. In the order of their subjects, so that two such commands cannot deadlock.</summary>
    public async Task<List<long>> IdsAsync(CommandTransaction db, CancellationToken cancellationToken)
    {
        await using var read = db.Command(
                $"""
                SELECT id FROM (
                    SELECT m.id, o.subject_id
                    FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
                    WHERE {Matching}
                    ORDER BY m.useful_until, m.id LIMIT $6) first
                ORDER BY subject_id, id
                """
            )
            .With([.. Values, Most]);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    // As a person reads an instant, to the second: what began at 14:03:50.4 began "until 14:03:50".
    private object?[] Values =>
        [
            NullIfBlank(Channel),
            NullIfBlank(Kind),
            Since?.UtcDateTime,
            Until is { } until ? until.UtcDateTime.AddSeconds(1) : null,
            Incident,
        ];

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private const string Matching = $"""
        m.queue = 'held' AND m.operation = 'send'
        AND ($1::text IS NULL OR m.channel = $1) AND ($2::text IS NULL OR m.kind = $2)
        AND ($3::timestamptz IS NULL OR m.send_started_at >= $3) AND ($4::timestamptz IS NULL OR m.send_started_at < $4)
        AND ($5::bigint IS NULL OR EXISTS (SELECT FROM reminders.incident i WHERE i.id = $5 AND {InIncident}))
        """;
}
