using Reminders.Kinds;
using Reminders.Outbox.Operators;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.Cli.Doctor;

/// <summary>What the tables say about reminders: late, doubled, in doubt, orphaned.</summary>
internal static class LedgerChecks
{
    // The reconciler gives Quartz two seconds and looks every second.
    private const string Overdue = "interval '10 seconds'";

    public static async Task<Finding> OverdueAsync(Database database, CancellationToken cancellationToken)
    {
        var late = await database.CountAsync(
            $"SELECT count(*) FROM reminders.occurrence WHERE state = 'planned' AND due_at < now() - {Overdue}",
            cancellationToken
        );
        return late == 0
            ? Finding.Good("firing", "nothing is overdue.")
            : Finding.Bad(
                "firing",
                $"{Counted.Of(late, "reminder is", "reminders are")} overdue by more than 10 seconds: is a node running, and "
                    + "its clock right?"
            );
    }

    public static async Task<Finding> TriggersAsync(Database database, CancellationToken cancellationToken)
    {
        // A node restores its kinds' jobs at start, and missing triggers every five seconds.
        var rows = await database.ReadAsync(
            $"""
            SELECT u.kind, u.due_second FROM quartz.untriggered u
            WHERE u.due_second > now() AND EXISTS (
                SELECT FROM reminders.instant i WHERE i.kind = u.kind AND i.due_second = u.due_second AND i.created_at < now() - {Overdue})
            """,
            reader => reader.GetString(0),
            cancellationToken
        );
        var triggers = await database.CountAsync("SELECT count(*) FROM quartz.triggers", cancellationToken);
        return rows.Count == 0
            ? Finding.Good(
                "triggers",
                $"Quartz holds {Counted.Of(triggers, "trigger", "triggers")}, and every planned reminder's instant has one."
            )
            : Finding.Attention(
                "triggers",
                $"{Counted.Of(rows.Count, "instant has", "instants have")} no Quartz trigger "
                    + $"({string.Join(", ", rows.Distinct())}): the reconciler of any running node puts it back."
            );
    }

    public static async Task<IReadOnlyList<Finding>> WaitingForPeopleAsync(Database database, CancellationToken cancellationToken)
    {
        var held = await database.CountAsync("SELECT count(*) FROM reminders.outbox WHERE queue = 'held'", cancellationToken);
        var dead = await database.CountAsync(
            "SELECT count(*) FROM reminders.outbox WHERE died_at > now() - interval '7 days'",
            cancellationToken
        );
        var failed = await database.CountAsync("SELECT count(*) FROM reminders.inbound_update WHERE state = 'failed'", cancellationToken);
        // A handler is tried ten times within half an hour; what it takes at all it takes sooner.
        var untold = await database.CountAsync(
            """
            SELECT count(*) FROM reminders.answer_event WHERE died_at IS NOT NULL OR answered_at < clock_timestamp() - interval '10 minutes'
            """,
            cancellationToken
        );
        var unheard = await database.CountAsync(
            """
            SELECT count(*) FROM reminders.webhook_event WHERE died_at IS NOT NULL OR occurred_at < clock_timestamp() - interval '10 minutes'
            """,
            cancellationToken
        );
        var gone = await database.CountAsync("SELECT count(*) FROM reminders.webhook WHERE gone_at IS NOT NULL", cancellationToken);
        return
        [
            .. gone == 0
                ? Array.Empty<Finding>()
                : [Finding.Bad("webhook", "its receiver said 410 Gone, and is told nothing: events resume, or another Webhook:Url.")],
            Some(
                "unheard",
                unheard,
                "event was",
                "events were",
                "not taken by the webhook: see reminders.webhook_event, mend its receiver, then events retry."
            ),
            Some("held", held, "message", "messages", "may or may not have arrived: outbox list, then settle or resend."),
            Some(
                "dead",
                dead,
                "message of the last 7 days was",
                "messages of the last 7 days were",
                "given up: outbox list --state dead, then replay."
            ),
            Some(
                "answers",
                failed,
                "incoming update",
                "incoming updates",
                "could not be handled: see reminders.inbound_update, state failed."
            ),
            Some(
                "untold",
                untold,
                "answer was",
                "answers were",
                "not taken by the app's handler: see reminders.answer_event, mend it, then answers retry."
            ),
        ];

        static Finding Some(string about, long count, string one, string many, string says) =>
            count == 0 ? Finding.Good(about, "none.") : Finding.Attention(about, $"{Counted.Of(count, one, many)} {says}");
    }

    public static async Task<IReadOnlyList<Finding>> ChannelsAsync(Database database, CancellationToken cancellationToken)
    {
        var channels = await ChannelBoard.ReadAsync(database.CreateCommand, [], only: null, queue: true, cancellationToken);
        var incidents = await ChannelBoard.IncidentsAsync(database.CreateCommand, all: false, cancellationToken);
        return
        [
            .. channels.Where(channel => channel.State != ChannelStatus.Open).Select(Of),
            .. channels
                .Where(channel => channel.PausedRecipients.Count > 0)
                .Select(channel =>
                    Finding.Attention(
                        "channel",
                        $"{channel.Name}: {channel.PausedRecipients.Count} "
                            + $"{(channel.PausedRecipients.Count == 1 ? "recipient waits" : "recipients wait")} by themselves, "
                            + $"the last until {PlainTable.Show(channel.PausedRecipients[0].Until)}: channels list."
                    )
                ),
            .. incidents
                .Where(incident => incident.InDoubt > 0)
                .Select(incident =>
                    Finding.Attention(
                        "incident",
                        $"channel {incident.Says(PlainTable.Show)}: outbox resend --incident {incident.Id}, or outbox settle."
                    )
                ),
        ];
    }

    private static Finding Of(ChannelStatus channel)
    {
        var says =
            $"{channel.Name} {channel.Says(PlainTable.Show)} "
            + $"{(channel.Waiting == 1 ? "1 message waits" : $"{channel.Waiting} messages wait")}.";
        return channel.State is "broken" or "resting" or "stopped" ? Finding.Bad("channel", says) : Finding.Attention("channel", says);
    }

    /// <summary>What waits because a time in it would be guessed: the node does not know the zone, or PostgreSQL does not.</summary>
    public static async Task<Finding> ZonesAsync(Database database, CancellationToken cancellationToken)
    {
        var waiting = await database.ReadAsync(
            CliStatement.Named("Doctor/Sql/guessed-times.sql"),
            reader => (Count: reader.GetInt64(0), Why: reader.IsDBNull(1) ? "" : reader.GetString(1)),
            cancellationToken,
            ZoneAgreement.Outcome
        );
        return waiting[0] is { Count: > 0 } some
            ? Finding.Bad(
                "zones",
                $"{some.Count} {(some.Count == 1 ? "message waits" : "messages wait")}, since their times would be guessed: "
                    + $"{some.Why}. Bring the time zone data up to date."
            )
            : Finding.Good("zones", "every waiting message's times can be told.");
    }

    /// <summary>A kind that left the settings leaves its reminders behind: nobody fires or claims them.</summary>
    public static async Task<Finding> KindsAsync(Database database, KindCatalog kinds, CancellationToken cancellationToken)
    {
        var orphans = await database.ReadAsync(
            CliStatement.Named("Doctor/Sql/open-kinds.sql"),
            reader => $"{reader.GetString(0)} ({reader.GetInt64(1)})",
            cancellationToken,
            [kinds.Kinds.Keys.ToArray()]
        );
        return orphans.Count == 0
            ? Finding.Good("kinds", "everything open is of a configured kind.")
            : Finding.Bad(
                "kinds",
                $"are open but not configured any more, so nobody sends them: {string.Join(", ", orphans)}. Put them back under Kinds."
            );
    }
}
