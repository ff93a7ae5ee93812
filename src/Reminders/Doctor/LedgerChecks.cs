using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Words;
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
            ? Finding.Good("reminder_overdue", "firing", new("found.nothing_overdue"))
            : Finding.Bad("reminder_overdue", "firing", new("found.overdue", Shown.Count(late)), new("fix.overdue")) with
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
            ? Finding.Good(code, "triggers", new("found.triggers_complete", Shown.Count(triggers)))
            : Finding.Attention(code, "triggers", new("found.triggers_missing", Shown.Count(missing), kinds), new("fix.triggers")) with
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
                new("found.zones_guessed", some.Count, some.Why.Select(Reasons.Meaning).ToArray()),
                new("fix.zones")
            )
            : Finding.Good("zone_unknown", "zones", new("found.zones_well"));
    }

    /// <summary>A kind that left the settings leaves its reminders behind: nobody fires or claims them.</summary>
    public static async Task<Finding> KindsAsync(Database database, KindCatalog kinds, CancellationToken cancellationToken)
    {
        var orphans = await database.ReadAsync(
            Statement.Named("Doctor/Sql/open-kinds.sql"),
            reader => new Sentence("found.kind_open", reader.GetString(0), Shown.Count(reader.GetInt64(1))),
            cancellationToken,
            kinds.Kinds.Keys.ToArray(),
            Shown.Most + 1
        );
        return orphans.Count == 0
            ? Finding.Good("kind_unknown", "kinds", new("found.kinds_known"))
            : Finding.Bad("kind_unknown", "kinds", new("found.kinds_gone", [orphans]), new("fix.kinds"));
    }
}
