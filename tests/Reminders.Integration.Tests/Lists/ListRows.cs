using Reminders.Integration.Tests.Web;

namespace Reminders.Integration.Tests.Lists;

/// <summary>Rows of an owner for each of the lists: as many bookings, people, messages and suppressions, three of a kind at one
/// instant.</summary>
internal static class ListRows
{
    public static readonly string[] Paths = ["/api/bookings", "/api/recipients", "/api/messages", "/api/suppressions"];

    /// <param name="from">The number of the first; a higher one is later in each list.</param>
    public static Task<long> AddAsync(WebNode node, string owner, int from, int count) =>
        node.ScalarAsync<long>(
            """
            WITH n AS MATERIALIZED (SELECT n, timestamptz '2027-03-01 10:00Z' + (n / 3) * interval '1 hour' AS at
                FROM generate_series($2, $2 + $3 - 1) n),
            r AS (INSERT INTO reminders.recipient (reference, name, locale, zone, owner, created_at)
                  SELECT 'p' || n, 'Person ' || n, 'en', 'UTC', $1, at FROM n RETURNING id, reference),
            a AS (INSERT INTO reminders.address (recipient_id, channel, address, state)
                  SELECT r.id, c, CASE c WHEN 'email' THEN 'person@example.org' ELSE '88' || n || abs(hashtext($1)) || '71234' END,
                         CASE WHEN c = 'telegram' AND n % 2 = 1 THEN 'unreachable' ELSE 'reachable' END
                  FROM n JOIN r ON r.reference = 'p' || n, unnest('{telegram,email}'::text[]) c),
            s AS (INSERT INTO reminders.subject (type, key, status, created_by, owner, happens_at, data)
                  SELECT 'booking', gen_random_uuid()::text, CASE n % 2 WHEN 0 THEN 'approved' ELSE 'proposed' END, 'test', $1, at,
                         jsonb_build_object('title', 'Slot ' || n, 'place', n::text, 'candidate', 'c', 'recruiter', 'r') FROM n
                             RETURNING id, data),
            p AS (INSERT INTO reminders.party (subject_id, role, recipient_id)
                  SELECT s.id, 'candidate', r.id FROM n JOIN s ON s.data->>'title' = 'Slot ' || n JOIN r ON r.reference = 'p' || n),
            o AS (INSERT INTO reminders.occurrence (kind, subject_id, version, recipient_id, state, wanted_in, told, due_at, useful_until,
                planned_by, fired_at)
                  SELECT CASE n % 2 WHEN 0 THEN 'CONFIRM_2H' ELSE 'NO_ANSWER_1H' END, s.id, 1, r.id, CASE n % 2 WHEN 0 THEN 'fired'
                      ELSE 'skipped' END,
                         '{approved}', '', at, at, 'test', at
                  FROM n JOIN s ON s.data->>'title' = 'Slot ' || n JOIN r ON r.reference = 'p' || n
                      RETURNING id, kind, recipient_id, due_at),
            m AS (INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until,
                created_at, settled_at)
                  SELECT id, kind, recipient_id, CASE kind WHEN 'CONFIRM_2H' THEN 'telegram' ELSE 'email' END, 'send',
                         CASE kind WHEN 'CONFIRM_2H' THEN 'sent' ELSE 'dead' END, due_at, due_at, due_at, due_at FROM o),
            u AS (INSERT INTO reminders.suppression (occurrence_id, rule, first_at, last_by) SELECT id, 'version', due_at, 'test' FROM o)
            SELECT count(*) FROM o
            """,
            owner,
            from,
            count
        );

    /// <summary>What identifies an item of whichever list within its owner.</summary>
    public static string Name(System.Text.Json.Nodes.JsonNode item) =>
        (string?)item["title"] ?? (string?)item["reference"] ?? $"message of {item["recipient"]!["reference"]}";
}
