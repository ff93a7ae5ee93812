using Reminders.Storage;
using Reminders.Words;

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
            reader =>
                (
                    Who: Holder(reader.GetString(0), reader.GetFieldValue<string[]>(1)),
                    Since: reader.InstantOrNull(2),
                    Ends: reader.GetString(3)
                ),
            cancellationToken,
            atLeast
        );
        return holders.Count == 0
            ? [Finding.Good("xmin_held", "vacuum", new("found.xmin_free"))]
            :
            [
                .. holders.Select(holder =>
                    Finding.Attention(
                        "xmin_held",
                        "vacuum",
                        new("found.xmin_held", holder.Who),
                        Fix.BySql(new("fix.xmin"), holder.Ends)
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
            ? [Finding.Good("bloat", "vacuum", new("found.no_bloat"))]
            :
            [
                .. tables.Select(table =>
                    Finding.Attention(
                        "bloat",
                        "vacuum",
                        table.Vacuumed is { } at
                            ? new("found.bloat", table.Table, table.Dead, table.Live, at)
                            : new("found.bloat_never", table.Table, table.Dead, table.Live),
                        Fix.BySql(new("fix.vacuum"), $"VACUUM (ANALYZE) {table.Table};")
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
            return Finding.Good("connections_exhausted", "pool", new("found.connections", fullest.Used, fullest.Whose, fullest.Most, null));
        }

        var says = new Sentence("found.connections", fullest.Used, fullest.Whose, fullest.Most, fullest.By);
        var fix = Fix.BySql(new("fix.connections"), fullest.Raise);
        return fullest.Used >= fullest.Most
            ? Finding.Bad("connections_exhausted", "pool", says, fix)
            : Finding.Attention("connections_exhausted", "pool", says, fix);
    }

    private static Sentence Holder(string what, string[] values) =>
        what switch
        {
            "transaction" => new(
                "found.xmin_transaction",
                values[0].Length > 0 ? values[0] : new Sentence("found.xmin_a_session"),
                values[1],
                values[2],
                values[3]
            ),
            "prepared" => new("found.xmin_prepared", values[0]),
            _ => new("found.xmin_slot", values[0]),
        };
}
