using Reminders.Storage;

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
            ? Finding.Good(
                "identity_index",
                "duplicates",
                "the UNIQUE indexes that rule them out are there and valid; doctor --deep looks at every message."
            )
            : Finding.Bad(
                "identity_index",
                "duplicates",
                $"nothing rules them out: {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing, "
                    + "invalid or not over its columns.",
                Fix.ByCommand("The reviewed schema has the statements; stop the nodes while duplicates are possible.", "doctor --sql")
            );
    }

    /// <summary>Every message that told a person what they had been told last, by what allowed it. Reads the whole outbox.</summary>
    public static async Task<IReadOnlyList<Finding>> ToldTwiceAsync(Database database, CancellationToken cancellationToken)
    {
        var groups = await database.ReadAsync(
            """
            SELECT CASE WHEN reason LIKE 'an operator had it %' THEN split_part(reason, ' (', 1)
                        WHEN reason LIKE 'a fall-back: %' THEN 'a fall-back: the message on another channel was in doubt or did not arrive'
                        ELSE reason END, count(*), min(occurrence_id)
            FROM reminders.told_twice GROUP BY 1 ORDER BY 1 NULLS FIRST
            """,
            reader => (Reason: reader.IsDBNull(0) ? null : reader.GetString(0), Count: reader.GetInt64(1), First: reader.GetInt64(2)),
            cancellationToken
        );
        return groups.Count == 0
            ? [Finding.Good("told_twice", "told twice", "nobody, over all channels, resends and fall-backs.")]
            :
            [
                .. groups.Select(group =>
                    group.Reason is { } reason
                        ? Finding.Good("told_twice", "told twice", $"{Shown.Of(group.Count, "time", "times")}, {reason}.")
                        : Finding.Bad(
                            "told_twice",
                            "told twice",
                            $"{Shown.Of(group.Count, "message", "messages")} told a person what they had been told before, "
                                + $"and nothing allowed it (the first is of occurrence {group.First}).",
                            new("See reminders.told_twice where reason is null: an index of identity was missing, or was bypassed.")
                        )
                ),
            ];
    }
}
