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
                ? Finding.Good("webhook_gone", "webhook", "its receiver has not said that it is gone.")
                : Finding.Bad(
                    "webhook_gone",
                    "webhook",
                    "its receiver said 410 Gone, and is told nothing.",
                    Fix.ByCommand("Mend the receiver, or set another Webhook:Url.", "events resume")
                ) with
                {
                    Since = gone.Since,
                },
            Some(
                "event_unheard",
                "unheard",
                unheard,
                "event was not taken by the webhook: see reminders.webhook_event.",
                "events were not taken by the webhook: see reminders.webhook_event.",
                Fix.ByCommand("Mend its receiver, then have it told once more.", "events retry")
            ),
            Some(
                "event_unhandled",
                "unhandled",
                unhandled,
                "event was not taken by the app's handler: see reminders.app_event.",
                "events were not taken by the app's handler: see reminders.app_event.",
                Fix.ByCommand("Mend what its trouble names, then have it told once more.", "events retry")
            ),
            Some(
                "message_held",
                "held",
                held,
                "message may or may not have arrived.",
                "messages may or may not have arrived.",
                Fix.ByCommand("Ask who would know, then settle or resend them.", "outbox list")
            ),
            Some(
                "message_dead",
                "dead",
                dead,
                "message of the last 7 days was given up.",
                "messages of the last 7 days were given up.",
                Fix.ByCommand("Mend what its reason names, then replay those that still matter.", "outbox list --state dead")
            ),
            Some(
                "update_failed",
                "answers",
                failed,
                "incoming update could not be handled: see reminders.inbound_update, state failed.",
                "incoming updates could not be handled: see reminders.inbound_update, state failed.",
                Fix.BySql(
                    "Mend what effect names, then have them handled once more.",
                    "UPDATE reminders.inbound_update SET state = 'received', attempts = 0, due_at = now() WHERE state = 'failed';"
                )
            ),
            Some(
                "answer_untold",
                "untold",
                untold,
                "answer was not taken by the app's handler: see reminders.answer_event.",
                "answers were not taken by the app's handler: see reminders.answer_event.",
                Fix.ByCommand("Mend the handler, then have it told once more.", "answers retry")
            ),
        ];
    }

    private static Finding Some(string code, string about, (long Count, DateTimeOffset? Since) found, string one, string many, Fix fix) =>
        found.Count == 0
            ? Finding.Good(code, about, "none.")
            : Finding.Attention(code, about, Shown.Of(found.Count, one, many), fix) with
            {
                Since = found.Since,
            };
}
