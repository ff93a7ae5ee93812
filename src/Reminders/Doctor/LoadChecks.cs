using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>What wears a server down: dead rows, those who keep them from being cleared, and connections that run out.</summary>
internal static class LoadChecks
{
    // A purge or a report takes seconds; five minutes at full speed leave a million dead rows.
    private static readonly TimeSpan HeldTooLong = TimeSpan.FromMinutes(5);

    // Vacuum comes at a fifth. As many dead as live ones, and it is not keeping up.
    private const long DeadRows = 50_000;

    private const double Scarce = 0.9;

    public static Task<IReadOnlyList<Finding>> HeldAsync(Database database, CancellationToken cancellationToken) =>
        HeldAsync(database, HeldTooLong, cancellationToken);

    public static async Task<IReadOnlyList<Finding>> HeldAsync(Database database, TimeSpan atLeast, CancellationToken cancellationToken)
    {
        var holders = await database.ReadAsync(
            Statement.Named("Doctor/Sql/held-xmin.sql"),
            reader => (Who: reader.GetString(0), Since: reader.InstantOrNull(1), Ends: reader.GetString(2)),
            cancellationToken,
            atLeast
        );
        return holders.Count == 0
            ? [Finding.Good("xmin_held", "vacuum", "nobody keeps dead rows from being cleared.")]
            :
            [
                .. holders.Select(holder =>
                    Finding.Attention(
                        "xmin_held",
                        "vacuum",
                        $"{holder.Who} keeps dead rows from being cleared; every look at what is due reads past them.",
                        Fix.BySql("Find out whose it is and have it ended. By force:", holder.Ends)
                    ) with
                    {
                        Since = holder.Since,
                    }
                ),
            ];
    }

    public static async Task<IReadOnlyList<Finding>> BloatAsync(Database database, CancellationToken cancellationToken)
    {
        var tables = await database.ReadAsync(
            """
            SELECT format('%I.%I', schemaname, relname), n_dead_tup, n_live_tup, greatest(last_vacuum, last_autovacuum)
            FROM pg_stat_user_tables
            WHERE schemaname = ANY ($1) AND n_dead_tup > $2 AND n_dead_tup > n_live_tup ORDER BY n_dead_tup DESC LIMIT 5
            """,
            reader => (Table: reader.GetString(0), Dead: reader.GetInt64(1), Live: reader.GetInt64(2), Vacuumed: reader.InstantOrNull(3)),
            cancellationToken,
            (string[])[database.Names.Engine, database.Names.Quartz],
            DeadRows
        );
        return tables.Count == 0
            ? [Finding.Good("bloat", "vacuum", "no table has more dead rows than live ones.")]
            :
            [
                .. tables.Select(table =>
                    Finding.Attention(
                        "bloat",
                        "vacuum",
                        $"{table.Table} has {table.Dead} dead rows beside {table.Live}, and was last vacuumed "
                            + $"{(table.Vacuumed is { } at ? $"at {Shown.At(at)}" : "never")}.",
                        Fix.BySql("Autovacuum is off, too slow, or kept from it (xmin_held).", $"VACUUM (ANALYZE) {table.Table};")
                    )
                ),
            ];
    }

    public static async Task<Finding> ConnectionsAsync(Database database, CancellationToken cancellationToken)
    {
        var limits = await database.ReadAsync(
            Statement.Named("Doctor/Sql/connections.sql"),
            reader =>
                (
                    Whose: reader.GetString(0),
                    Used: reader.GetInt64(1),
                    Most: reader.GetInt64(2),
                    By: reader.GetString(3),
                    Raise: reader.GetString(4)
                ),
            cancellationToken
        );
        var fullest = limits.MaxBy(limit => (double)limit.Used / limit.Most);
        if (fullest.Used < fullest.Most * Scarce)
        {
            return Finding.Good(
                "connections_exhausted",
                "pool",
                $"{fullest.Used} of the {fullest.Whose}'s {fullest.Most} connections are used."
            );
        }

        var says = $"{fullest.Used} of the {fullest.Whose}'s {fullest.Most} connections are used ({fullest.By}).";
        var fix = Fix.BySql("Give each node a smaller Maximum Pool Size, put PgBouncer before it, or allow more.", fullest.Raise);
        return fullest.Used >= fullest.Most
            ? Finding.Bad("connections_exhausted", "pool", says, fix)
            : Finding.Attention("connections_exhausted", "pool", says, fix);
    }
}
