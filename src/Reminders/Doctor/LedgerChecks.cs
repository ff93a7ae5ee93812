using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Doctor;

/// <summary>What the tables say about reminders: late, without a trigger, of a kind or a zone that nobody knows.</summary>
internal static class LedgerChecks
{
    // The reconciler gives Quartz two seconds and looks every second; a node restores missing triggers every five.
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(10);

    // Of each channel and kind.
    private const int Next = 1000;

    public static async Task<Finding> OverdueAsync(Database database, CancellationToken cancellationToken)
    {
        var (late, since) = await database.CountAsync(
            Statement.Named("Doctor/Sql/overdue.sql"),
            cancellationToken,
            Overdue,
            Shown.Most + 1
        );
        return late == 0
            ? Finding.Good("reminder_overdue", "firing", "nothing is overdue.")
            : Finding.Bad(
                "reminder_overdue",
                "firing",
                $"{Shown.Of(late, "reminder is", "reminders are")} overdue by more than 10 seconds.",
                new("Is a node running that fires, and its clock right? Its log says what holds the reconciler up.")
            ) with
            {
                Since = since,
            };
    }

    public static async Task<Finding> TriggersAsync(Database database, CancellationToken cancellationToken)
    {
        const string code = "trigger_missing";
        var (missing, since, kinds) = (
            await database.ReadAsync(
                Statement.Named("Doctor/Sql/untriggered.sql"),
                reader => (reader.GetInt64(0), reader.InstantOrNull(1), reader.IsDBNull(2) ? "" : reader.GetString(2)),
                cancellationToken,
                database.Names.Engine,
                Overdue,
                Shown.Most + 1
            )
        )[0];
        var (triggers, _) = await database.CountAsync(
            "SELECT count(*), NULL::timestamptz FROM (SELECT FROM quartz.qrtz_triggers WHERE sched_name = $1 LIMIT $2) found",
            cancellationToken,
            database.Names.Engine,
            Shown.Most + 1
        );
        return missing == 0
            ? Finding.Good(
                code,
                "triggers",
                $"Quartz holds {Shown.Of(triggers, "trigger", "triggers")}, and every planned reminder's instant has one."
            )
            : Finding.Attention(
                code,
                "triggers",
                $"{Shown.Of(missing, "instant has", "instants have")} no Quartz trigger ({kinds}).",
                new("The reconciler of any running node puts them back; without one it still fires what is due.")
            ) with
            {
                Since = since,
            };
    }

    /// <summary>What waits because a time in it would be guessed: the node does not know the zone, or PostgreSQL does not.</summary>
    public static async Task<Finding> ZonesAsync(Database database, CancellationToken cancellationToken)
    {
        var waiting = await database.ReadAsync(
            Statement.Named("Doctor/Sql/guessed-times.sql"),
            reader => (Count: reader.GetInt64(0), Why: reader.IsDBNull(1) ? [] : reader.GetFieldValue<string[]>(1)),
            cancellationToken,
            ZoneAgreement.Outcome,
            Next
        );
        return waiting[0] is { Count: > 0 } some
            ? Finding.Bad(
                "zone_unknown",
                "zones",
                $"{some.Count} {(some.Count == 1 ? "message waits" : "messages wait")}, since their times would be guessed: "
                    + $"{string.Join("; ", some.Why.Select(Shown.Words.Reason))}.",
                new("Bring the time zone data up to date.")
            )
            : Finding.Good("zone_unknown", "zones", "every waiting message's times can be told.");
    }

    /// <summary>A kind that left the settings leaves its reminders behind: nobody fires or claims them.</summary>
    public static async Task<Finding> KindsAsync(Database database, KindCatalog kinds, CancellationToken cancellationToken)
    {
        var orphans = await database.ReadAsync(
            Statement.Named("Doctor/Sql/open-kinds.sql"),
            reader => $"{reader.GetString(0)} ({Shown.Number(reader.GetInt64(1))})",
            cancellationToken,
            kinds.Kinds.Keys.ToArray(),
            Shown.Most + 1
        );
        return orphans.Count == 0
            ? Finding.Good("kind_unknown", "kinds", "everything open is of a configured kind.")
            : Finding.Bad(
                "kind_unknown",
                "kinds",
                $"are open but not configured any more, so nobody sends them: {string.Join(", ", orphans)}.",
                new("Put them back under Kinds.")
            );
    }
}
