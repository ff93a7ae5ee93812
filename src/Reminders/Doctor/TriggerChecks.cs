using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>
/// What stands in Quartz's tables. A trigger says when, never whether: whatever is wrong here makes nothing sent twice, and what is
/// due is fired by the reconciler. It costs punctuality, and says that something is wrong elsewhere.
/// </summary>
internal static class TriggerChecks
{
    private const string About = "triggers";

    // Quartz itself calls a trigger missed after one minute, and looks every five seconds.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    // A node checks in every two seconds, and is dead to the others after seven.
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);

    /// <summary>Triggers that Quartz gave up on, and such as it should have fired by now.</summary>
    public static async Task<IReadOnlyList<Finding>> StatesAsync(Database database, CancellationToken cancellationToken)
    {
        var scheduler = database.Names.Engine;
        var (failed, failedSince) = await database.CountAsync(
            """
            SELECT count(*), min(quartz.from_ticks(coalesce(prev_fire_time, next_fire_time, start_time))) FROM (
                SELECT * FROM quartz.qrtz_triggers WHERE sched_name = $1 AND trigger_state = 'ERROR' LIMIT $2) found
            """,
            cancellationToken,
            scheduler,
            Shown.Most + 1
        );
        var late = await database.ReadAsync(
            Statement.Named("Doctor/Sql/late-triggers.sql"),
            reader => (State: reader.GetString(0), Count: reader.GetInt64(1), Since: reader.GetFieldValue<DateTimeOffset>(2)),
            cancellationToken,
            scheduler,
            Late,
            Shown.Most + 1
        );
        return
        [
            failed == 0
                ? Finding.Good("trigger_error", About, new("found.no_trigger_failed"))
                : Finding.Bad(
                    "trigger_error",
                    About,
                    new("found.trigger_failed", Shown.Count(failed)),
                    Fix.BySql(
                        new("fix.trigger_failed"),
                        database.Names.In("UPDATE quartz.qrtz_triggers SET trigger_state = 'WAITING' ")
                            + $"WHERE sched_name = '{scheduler}' AND trigger_state = 'ERROR';"
                    )
                ) with
                {
                    Since = failedSince,
                },
            late.Count == 0
                ? Finding.Good("trigger_stuck", About, new("found.no_trigger_late"))
                : Finding.Attention(
                    "trigger_stuck",
                    About,
                    new(
                        "found.trigger_late",
                        Shown.Count(late.Sum(some => some.Count)),
                        (long)Late.TotalMinutes,
                        string.Join(", ", late.Select(some => $"{some.State} {Shown.Number(some.Count)}"))
                    ),
                    Fix.BySql(
                        new("fix.trigger_late"),
                        database.Names.In("DELETE FROM quartz.qrtz_triggers WHERE trigger_group = 'reminders' ")
                            + $"AND sched_name = '{scheduler}' AND trigger_state <> 'ERROR' "
                            + database.Names.In("AND quartz.from_ticks(next_fire_time) < now() - interval '2 minutes';")
                    )
                ) with
                {
                    Since = late.Min(some => some.Since),
                },
        ];
    }

    /// <summary>Who holds triggers: a node that does not check in any more, or a scheduler that never did.</summary>
    public static async Task<IReadOnlyList<Finding>> HoldersAsync(Database database, CancellationToken cancellationToken)
    {
        var scheduler = database.Names.Engine;
        var holders = await database.ReadAsync(
            Statement.Named("Doctor/Sql/trigger-holders.sql"),
            reader => new Holder(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2),
                reader.InstantOrNull(3),
                reader.GetBoolean(4)
            ),
            cancellationToken,
            scheduler,
            Silent
        );
        var dead = holders.Where(holder => holder.ChecksIn && holder.Scheduler == scheduler).ToArray();
        var foreign = holders.Except(dead).ToArray();
        return
        [
            .. dead.Select(holder =>
                Finding.Attention(
                    "trigger_of_dead_node",
                    About,
                    new("found.trigger_held", Shown.Count(holder.Count), holder.Name),
                    Fix.BySql(new("fix.trigger_held"), Release(database, holder))
                ) with
                {
                    Since = holder.Since,
                }
            ),
            .. dead.Length > 0 ? [] : (Finding[])[Finding.Good("trigger_of_dead_node", About, new("found.no_trigger_held"))],
            .. foreign.Select(holder => Foreign(database, holder)),
            .. foreign.Length > 0 ? [] : (Finding[])[Finding.Good("second_scheduler", "scheduler", new("found.no_scheduler"))],
        ];
    }

    private static Finding Foreign(Database database, Holder holder) =>
        holder.Scheduler == database.Names.Engine
            ? Finding.Bad(
                "second_scheduler",
                "scheduler",
                new("found.scheduler_alone", holder.Name, Shown.Count(holder.Count)),
                Fix.BySql(new("fix.scheduler_alone"), Release(database, holder))
            ) with
            {
                Since = holder.Since,
            }
            : Finding.Attention(
                "second_scheduler",
                "scheduler",
                new("found.scheduler_foreign", holder.Scheduler),
                new(new Sentence("fix.scheduler_foreign", holder.Scheduler))
            );

    private static string Release(Database database, Holder holder)
    {
        var its = $"sched_name = '{holder.Scheduler}' AND instance_name = '{holder.Name.Replace("'", "''", StringComparison.Ordinal)}'";
        return database.Names.In(
                "UPDATE quartz.qrtz_triggers SET trigger_state = 'WAITING' WHERE trigger_state IN ('ACQUIRED', 'BLOCKED') "
            )
            + $"AND sched_name = '{holder.Scheduler}' "
            + database.Names.In("AND (trigger_name, trigger_group) IN (SELECT trigger_name, trigger_group FROM quartz.qrtz_fired_triggers ")
            + $"WHERE {its}); "
            + database.Names.In("DELETE FROM quartz.qrtz_fired_triggers ")
            + $"WHERE {its};";
    }

    private sealed record Holder(string Scheduler, string Name, long Count, DateTimeOffset? Since, bool ChecksIn);
}
