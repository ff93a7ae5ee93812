using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>What only reading whole tables shows.</summary>
internal static class DeepChecks
{
    /// <summary>
    /// Rows that have one identity. No index lets them in; an index that a new collation or a bad disk has broken does not know of
    /// them, so the tables themselves are read.
    /// </summary>
    public static async Task<IReadOnlyList<Finding>> IdentitiesAsync(Database database, CancellationToken cancellationToken)
    {
        const string code = "duplicate_in_outbox";
        var twice = await database.ReadAsync(
            Statement.Named("Doctor/Sql/duplicates.sql"),
            reader => (Table: reader.GetString(0), Index: reader.GetString(1), Count: reader.GetInt64(2), First: reader.GetInt64(3)),
            cancellationToken
        );
        return twice.Count == 0
            ? [Finding.Good(code, "duplicates", new("found.identities_single"))]
            :
            [
                .. twice.Select(some =>
                    Finding.Bad(
                        code,
                        "duplicates",
                        new("found.identities_twice", Shown.Count(some.Count), some.Table, some.First, some.Index),
                        new("fix.reindex")
                    )
                ),
            ];
    }

    /// <summary>Messages under way whose lease no look would find.</summary>
    public static async Task<Finding> UnnotedAsync(Database database, CancellationToken cancellationToken)
    {
        const string code = "lease_unnoted";
        var (count, since) = await database.CountAsync(Statement.Named("Doctor/Sql/unnoted-leases.sql"), cancellationToken, Shown.Most + 1);
        return count == 0
            ? Finding.Good(code, "leases", new("found.leases_noted"))
            : Finding.Bad(
                code,
                "leases",
                new("found.leases_unnoted", Shown.Count(count)),
                Fix.BySql(
                    new("fix.lease_unnoted"),
                    database.Names.In(
                        "INSERT INTO reminders.lease_end (at, messages) SELECT lease_until, ARRAY[id] FROM reminders.outbox m "
                            + "WHERE m.state = 'sending' AND m.lease_until < now() - interval '1 minute' "
                            + "AND NOT EXISTS (SELECT FROM reminders.lease_end l WHERE m.id = ANY (l.messages));"
                    )
                )
            ) with
            {
                Since = since,
            };
    }
}
