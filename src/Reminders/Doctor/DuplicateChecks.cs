using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>Whether anybody was told the same twice: cheaply, whether anything could have let them; on demand, whether it was so.</summary>
internal static class DuplicateChecks
{
    // The rows' identity (rule 2), by the index that enforces it and the columns it has to be over.
    private static readonly (string Index, string Columns)[] Identities =
    [
        ("occurrence_identity", "subject_id, kind, version, recipient_id"),
        ("outbox_identity", "occurrence_id, channel, number, revision"),
        ("outbox_digest", "kind, recipient_id, digest_at"),
        ("inbox_item_occurrence", "occurrence_id"),
        ("subject_identity", "type, key, owner"),
        ("recipient_identity", "identity"),
    ];

    /// <summary>The indexes that make a duplicate impossible: there, unique, valid, over the right columns. Costs no scan.</summary>
    public static async Task<Finding> IndexesAsync(Database database, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            """
            SELECT c.relname, i.indisunique AND i.indisvalid AND i.indisready AND i.indislive,
                   (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = 'reminders'::regnamespace AND c.relname = ANY ($1)
            """,
            reader => (Index: reader.GetString(0), Enforces: reader.GetBoolean(1), Columns: reader.GetString(2)),
            cancellationToken,
            [Identities.Select(identity => identity.Index).ToArray()]
        );
        var missing = Identities
            .Where(identity => !found.Contains((identity.Index, true, identity.Columns)))
            .Select(identity => identity.Index)
            .ToArray();
        return missing.Length == 0
            ? Finding.Good("identity_index", "duplicates", new("found.identities_there"))
            : Finding.Bad(
                "identity_index",
                "duplicates",
                new("found.identities_gone", string.Join(", ", missing), (long)missing.Length),
                Fix.ByCommand(new("fix.identities"), "doctor --sql")
            );
    }

    /// <summary>Every message that told a person what they had been told last, by what allowed it. Reads the whole outbox.</summary>
    public static async Task<IReadOnlyList<Finding>> ToldTwiceAsync(Database database, CancellationToken cancellationToken)
    {
        var groups = await database.ReadAsync(
            """
            SELECT CASE WHEN reason LIKE 'an operator had it %' THEN split_part(reason, ' (', 1)
                        WHEN reason LIKE 'a fall-back: %' THEN 'a fall-back' ELSE reason END, count(*), min(occurrence_id)
            FROM reminders.told_twice GROUP BY 1 ORDER BY 1 NULLS FIRST
            """,
            reader => (Reason: reader.IsDBNull(0) ? null : reader.GetString(0), Count: reader.GetInt64(1), First: reader.GetInt64(2)),
            cancellationToken
        );
        return groups.Count == 0
            ? [Finding.Good("told_twice", "told twice", new("found.told_once"))]
            :
            [
                .. groups.Select(group =>
                    group.Reason is { } reason
                        ? Finding.Good("told_twice", "told twice", new("found.told_again", Shown.Count(group.Count), Allowed(reason)))
                        : Finding.Bad(
                            "told_twice",
                            "told twice",
                            new("found.told_twice", Shown.Count(group.Count), group.First),
                            new("fix.told_twice")
                        )
                ),
            ];
    }

    /// <summary>What <c>reminders.told_twice</c> says in English allowed it; what it does not say is quoted.</summary>
    private static Sentence Allowed(string reason) =>
        reason switch
        {
            "they wrote, and were asked again" => new("found.told_asked"),
            "the kind sends again what is in doubt" => new("found.told_by_policy"),
            "it took the place of one that did not arrive" => new("found.told_instead"),
            "what was sent before ended in doubt" => new("found.told_after_doubt"),
            "the kind goes to every channel" => new("found.told_everywhere"),
            "a fall-back" => new("found.told_by_fall_back"),
            _ when reason.StartsWith(ByOperator, StringComparison.Ordinal) => new("found.told_by_operator", reason[ByOperator.Length..]),
            _ => new("reason.said", reason),
        };

    private const string ByOperator = "an operator had it ";
}
