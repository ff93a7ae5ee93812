using Npgsql;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>A message that waits for a person, with what they need to decide.</summary>
internal sealed record HeldMessage(
    long Id,
    string State,
    string? Reason,
    string Kind,
    string Channel,
    string Operation,
    int Number,
    string SubjectType,
    string SubjectKey,
    long Version,
    string Recipient,
    int Attempts,
    string? LastOutcome,
    DateTimeOffset DueAt,
    DateTimeOffset UsefulUntil,
    DateTimeOffset? SettledAt
);

/// <summary>Where a page ends: the next one begins after it.</summary>
internal readonly record struct HeldCursor(DateTimeOffset At, long Id);

/// <summary>
/// Messages in doubt, those soonest useless first, and the dead, newest first. Paged by key and not by offset: rows come and
/// go while somebody reads, and a page far down costs what the first costs (outbox_held, outbox_dead). Those of one kind are looked for
/// (Lists/HeldSearch): there may be none.
/// </summary>
internal sealed class HeldMessages(CommandTransaction db)
{
    /// <param name="state">Uncertain or dead.</param>
    public async Task<(IReadOnlyList<HeldMessage> Page, HeldCursor? Next)> ReadAsync(
        MessageState state,
        HeldCursor? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await using var command = db.Command(state == MessageState.Dead ? Dead : Uncertain)
            .With(after?.At.UtcDateTime, after?.Id, size + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<HeldMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(Read(reader));
        }

        if (page.Count <= size)
        {
            return (page, null);
        }

        page.RemoveAt(size);
        var last = page[^1];
        return (page, new(state == MessageState.Dead ? last.SettledAt!.Value : last.UsefulUntil, last.Id));
    }

    /// <summary>These, in this order; one that is not there any more is left out.</summary>
    public async Task<IReadOnlyList<HeldMessage>> OfAsync(long[] ids, CancellationToken cancellationToken)
    {
        await using var command = db.Command($"{Columns}\nWHERE m.id = ANY ($1)").With((object)ids);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<long, HeldMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetInt64(0)] = Read(reader);
        }

        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    private static HeldMessage Read(NpgsqlDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            Text(reader, 2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            reader.GetInt32(6),
            reader.GetString(7),
            reader.GetString(8),
            reader.GetInt64(9),
            reader.GetString(10),
            reader.GetInt32(11),
            Text(reader, 12),
            reader.GetFieldValue<DateTimeOffset>(13),
            reader.GetFieldValue<DateTimeOffset>(14),
            reader.IsDBNull(15) ? null : reader.GetFieldValue<DateTimeOffset>(15)
        );

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private const string Columns = """
        SELECT m.id, m.state, m.reason, m.kind, m.channel, m.operation, m.number, s.type, s.key, o.version, r.name, m.attempts,
               (SELECT a.outcome || coalesce(': ' || a.detail, '') FROM reminders.attempt a
                WHERE a.message_id = m.id ORDER BY a.lease_token DESC LIMIT 1),
               m.due_at, m.useful_until, m.settled_at
        FROM reminders.outbox m
        JOIN reminders.occurrence o ON o.id = m.occurrence_id
        JOIN reminders.subject s ON s.id = o.subject_id
        JOIN reminders.recipient r ON r.id = m.recipient_id
        """;

    private const string Uncertain = $"""
        {Columns}
        WHERE m.queue = 'held' AND ($2::bigint IS NULL OR (m.useful_until, m.id) > ($1::timestamptz, $2))
        ORDER BY m.useful_until, m.id LIMIT $3
        """;

    private const string Dead = $"""
        {Columns}
        WHERE m.died_at IS NOT NULL AND ($2::bigint IS NULL OR (m.died_at, m.id) < ($1::timestamptz, $2))
        ORDER BY m.died_at DESC, m.id DESC LIMIT $3
        """;
}
