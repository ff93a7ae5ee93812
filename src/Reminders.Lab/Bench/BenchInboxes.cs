using Npgsql;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Lab.Bench;

/// <summary>Whose inbox it is, and what opens it.</summary>
internal sealed record InboxOwner(long Id, string Token);

/// <summary>People and their items, written by SQL: writing them is what the engine's firing does, not what is measured.</summary>
internal sealed class BenchInboxes(NpgsqlDataSource dataSource)
{
    public async Task<IReadOnlyList<InboxOwner>> CreateOwnersAsync(int count, CancellationToken cancellationToken)
    {
        var tokens = Enumerable.Range(0, count).Select(_ => RandomSecret.Create(AccessTokens.Prefix)).ToArray();
        await using var create = dataSource
            .CreateCommand(
                """
                WITH person AS (
                    INSERT INTO reminders.recipient (reference, name, locale, zone)
                    SELECT 'reader:' || n, 'Reader ' || n, CASE n % 2 WHEN 0 THEN 'en' ELSE 'ru' END, 'Europe/Moscow'
                    FROM generate_series(1, $1) n RETURNING id, reference),
                token AS (
                    INSERT INTO reminders.access_token (hash, recipient_id, issued_by, expires_at)
                    SELECT t.hash, person.id, 'bench', now() + interval '1 day'
                    FROM unnest($2::bytea[]) WITH ORDINALITY AS t (hash, n) JOIN person ON person.reference = 'reader:' || t.n)
                SELECT id FROM person ORDER BY id
                """
            )
            .With(count, tokens.Select(RandomSecret.Hash).ToArray());
        await using var reader = await create.ExecuteReaderAsync(cancellationToken);
        var owners = new List<InboxOwner>(count);
        while (await reader.ReadAsync(cancellationToken))
        {
            owners.Add(new(reader.GetInt64(0), tokens[owners.Count]));
        }

        return owners;
    }

    /// <summary>Subjects for items: one item per person and ticket.</summary>
    public async Task CreateTicketsAsync(int count, CancellationToken cancellationToken)
    {
        await using var create = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.subject (type, key, status, created_by) SELECT 'ticket', 'T-' || n, 'open', 'bench'
                    FROM generate_series(1, $1) n
                """
            )
            .With(count);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives each of these people an item about each of the tickets from one number to another.</summary>
    public static NpgsqlCommand Write(NpgsqlConnection connection, IEnumerable<InboxOwner> owners, int fromTicket, int toTicket) =>
        new NpgsqlCommand(
            """
            WITH told AS (
                INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                    planned_by, fired_at)
                SELECT (ARRAY['NO_ANSWER_1H', 'CANDIDATE_CONFIRMED', 'CANDIDATE_DECLINED'])[n % 3 + 1], s.id, 1, r, 'fired', '{}', '',
                    now(), now(), 'bench', now()
                FROM unnest($1) r, generate_series($2, $3) n JOIN reminders.subject s ON s.type = 'ticket' AND s.key = 'T-' || n
                RETURNING id, kind, subject_id, recipient_id),
            numbered AS (
                INSERT INTO reminders.inbox AS b (recipient_id, last_seq) SELECT recipient_id, count(*) FROM told GROUP BY 1 ORDER BY 1
                ON CONFLICT (recipient_id) DO UPDATE SET last_seq = b.last_seq + excluded.last_seq RETURNING recipient_id, last_seq),
            written AS (
                INSERT INTO reminders.inbox_item (occurrence_id, recipient_id, seq, kind, subject_type, subject_key, data)
                SELECT told.id, recipient_id, last_seq + 1 - row_number() OVER (PARTITION BY recipient_id
                    ORDER BY told.id DESC), kind, 'ticket', s.key,
                       '{"candidate": "Anna", "title": "Backend engineer", "starts_at": "2027-03-01T12:00:00+00:00"}'
                FROM told JOIN numbered USING (recipient_id) JOIN reminders.subject s ON s.id = told.subject_id RETURNING recipient_id)
            SELECT pg_notify('reminders_inbox', CASE WHEN length(whose) < 8000 THEN whose ELSE '' END)
            FROM (SELECT string_agg(DISTINCT recipient_id::text, ',') AS whose FROM written) w WHERE whose IS NOT NULL
            """,
            connection
        ).With(owners.Select(owner => owner.Id).ToArray(), fromTicket, toTicket);
}
