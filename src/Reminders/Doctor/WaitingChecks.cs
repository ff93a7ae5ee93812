using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>What the engine cannot decide by itself, and so waits for a person.</summary>
internal static class WaitingChecks
{
    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        var held = await database.CountAsync(
            "SELECT count(*), min(settled_at) FROM (SELECT settled_at FROM reminders.outbox WHERE queue = 'held' LIMIT $1) found",
            cancellationToken,
            Shown.Most + 1
        );
        var dead = await database.CountAsync(
            """
            SELECT count(*), min(died_at) FROM (
                SELECT died_at FROM reminders.outbox WHERE died_at > now() - interval '7 days' ORDER BY died_at LIMIT $1) found
            """,
            cancellationToken,
            Shown.Most + 1
        );
        var failed = await database.CountAsync(
            """
            SELECT count(*), min(received_at) FROM (
                SELECT received_at FROM reminders.inbound_update WHERE state = 'failed' ORDER BY seq LIMIT $1) found
            """,
            cancellationToken,
            Shown.Most + 1
        );
        // A handler is tried ten times within half an hour; what it takes at all it takes sooner.
        var untold = await database.CountAsync(
            """
            SELECT count(*), min(answered_at) FROM (
                SELECT answered_at FROM reminders.answer_event
                WHERE died_at IS NOT NULL OR answered_at < clock_timestamp() - interval '10 minutes' LIMIT $1) found
            """,
            cancellationToken,
            Shown.Most + 1
        );
        var unheard = await database.CountAsync(
            """
            SELECT count(*), min(occurred_at) FROM (
                SELECT occurred_at FROM reminders.webhook_event
                WHERE died_at IS NOT NULL OR occurred_at < clock_timestamp() - interval '10 minutes' LIMIT $1) found
            """,
            cancellationToken,
            Shown.Most + 1
        );
        var unhandled = await database.CountAsync(
            """
            SELECT count(*), min(occurred_at) FROM (
                SELECT occurred_at FROM reminders.app_event
                WHERE died_at IS NOT NULL OR occurred_at < clock_timestamp() - interval '10 minutes' LIMIT $1) found
            """,
            cancellationToken,
            Shown.Most + 1
        );
        var gone = await database.CountAsync(
            "SELECT count(*), min(gone_at) FROM reminders.webhook WHERE gone_at IS NOT NULL",
            cancellationToken
        );
        return
        [
            gone.Count == 0
                ? Finding.Good("webhook_gone", "webhook", new("found.webhook_there"))
                : Finding.Bad("webhook_gone", "webhook", new("found.webhook_gone"), Fix.ByCommand(new("fix.webhook"), "events resume")) with
                {
                    Since = gone.Since,
                },
            Some("event_unheard", "unheard", unheard, "found.unheard", Fix.ByCommand(new("fix.unheard"), "events retry")),
            Some("event_unhandled", "unhandled", unhandled, "found.unhandled", Fix.ByCommand(new("fix.unhandled"), "events retry")),
            Some("message_held", "held", held, "found.held", Fix.ByCommand(new("fix.held"), "outbox list")),
            Some("message_dead", "dead", dead, "found.dead", Fix.ByCommand(new("fix.dead"), "outbox list --state dead")),
            Some(
                "update_failed",
                "answers",
                failed,
                "found.update_failed",
                Fix.BySql(
                    new("fix.update_failed"),
                    "UPDATE reminders.inbound_update SET state = 'received', attempts = 0, due_at = now() WHERE state = 'failed';"
                )
            ),
            Some("answer_untold", "untold", untold, "found.untold", Fix.ByCommand(new("fix.untold"), "answers retry")),
        ];
    }

    private static Finding Some(string code, string about, (long Count, DateTimeOffset? Since) found, string said, Fix fix) =>
        found.Count == 0
            ? Finding.Good(code, about, new("found.none"))
            : Finding.Attention(code, about, new(said, Shown.Count(found.Count)), fix) with
            {
                Since = found.Since,
            };
}
