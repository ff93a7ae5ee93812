using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>
/// The database of a morning, restored at noon: what fell due in between was sent by what is lost. An operator holds it before the first
/// node starts, and releases what they know was not sent.
/// </summary>
public sealed class Restored(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task What_was_due_by_the_end_of_the_last_node_is_not_sent_until_it_is_released()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var hand = new Hand(cluster, cluster.AddStillNode());
        // Claimed and not begun, its node long gone; and one that nobody has claimed.
        await hand.QueueAsync(candidateChat: 1);
        await hand.ClaimAsync();
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET lease_until = now() - interval '1 minute' WHERE state = 'sending'");
        await cluster.ExecuteAsync("UPDATE reminders.lease_end SET at = now() - interval '1 minute'");
        await hand.QueueAsync(candidateChat: 2);
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() - interval '5 minutes'");
        var (early, late) = (await PlanAsync(cluster, chat: 3, minutes: -10), await PlanAsync(cluster, chat: 4, minutes: -5));
        await PlanAsync(cluster, chat: 5, minutes: -1);
        await PlanAsync(cluster, chat: 6, minutes: 60);
        var until = await cluster.ScalarAsync<DateTime>("SELECT date_trunc('second', now() - interval '2 minutes')");

        var counted = await HoldAsync(cluster, until, "--dry-run");
        Assert.Contains("2 reminders would be held and 1 messages in doubt. Nothing was done.", counted, StringComparison.Ordinal);
        Assert.Contains("2 reminders are held and 2 messages in doubt", await HoldAsync(cluster, until), StringComparison.Ordinal);
        Assert.Contains("0 reminders are held and 0 messages in doubt", await HoldAsync(cluster, until), StringComparison.Ordinal);

        await cluster.StartNodeAsync();
        await cluster.UntilAsync("SELECT count(*) = 1 FROM reminders.outbox WHERE state = 'sent' AND kind = 'CONFIRM_2H'", Patience);
        Assert.Equal([5], Reached(cluster));
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE queue = 'held'"));

        var explained = await CommandLine.RunAsync(cluster.ConnectionString, "explain", early.ToString());
        Assert.Contains("held after a restore: restored to the morning", explained.Output, StringComparison.Ordinal);

        // What was due from six minutes ago on was not sent, somebody knows.
        var since = await cluster.ScalarAsync<DateTime>("SELECT now() - interval '6 minutes'");
        var released = await CommandLine.RunAsync(
            cluster.ConnectionString,
            "hold",
            "release",
            "--since",
            $"{since:O}",
            "--reason",
            "the bot was down"
        );
        Assert.Equal((0, ""), (released.ExitCode, released.Errors));
        Assert.Contains("1 reminders are planned again", released.Output, StringComparison.Ordinal);
        await cluster.UntilAsync("SELECT count(*) = 2 FROM reminders.outbox WHERE state = 'sent' AND kind = 'CONFIRM_2H'", Patience);
        Assert.Equal([4, 5], Reached(cluster));
        Assert.Equal(
            "fired",
            await cluster.ScalarAsync<string>(
                """
                SELECT o.state FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id
                WHERE s.key = $1 AND o.kind = 'CONFIRM_2H'
                """,
                late.ToString()
            )
        );

        // A doubt like any other.
        Assert.IsType<Outcome<HandledMessages>.Done>(
            await cluster.SendAsync(
                new ResendHeldMatching(new("telegram", null, null, null, null), DryRun: false, "neither had it"),
                node: 1
            )
        );
        await cluster.UntilAsync("SELECT count(*) = 4 FROM reminders.outbox WHERE state = 'sent' AND kind = 'CONFIRM_2H'", Patience);
        Assert.Equal([1, 2, 4, 5], Reached(cluster));
        Assert.Equal(
            ["ledger.hold", "ledger.release"],
            await cluster.ScalarAsync<string[]>(
                "SELECT array_agg(action ORDER BY id) FROM reminders.audit WHERE about = 'what was due at a restore'"
            )
        );
        Assert.Equal(
            2,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.operator_action WHERE action = 'held after a restore'")
        );
    }

    /// <summary>An older build wrote its reasons in English.</summary>
    [Theory]
    [InlineData("held_restore: restored", "not_sent CONFIRM_2H: held_restore: restored")]
    [InlineData("held after a restore: restored", "CONFIRM_2H was not sent: held after a restore: restored")]
    public async Task What_is_held_is_released_with_what_was_not_sent_for_it_whichever_build_wrote_the_reasons(string held, string skipped)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        await PlanAsync(cluster, chat: 1, minutes: -10);
        Assert.IsType<Outcome<HeldAside>.Done>(await cluster.SendAsync(new HoldDue(null, DryRun: false, "restored")));
        Assert.Equal(
            "held_restore: restored",
            await cluster.ScalarAsync<string>("SELECT reason FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'")
        );
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET reason = $1 WHERE kind = 'CONFIRM_2H'", held);
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET state = 'skipped', reason = $1, fired_at = now() WHERE kind = 'NO_ANSWER_1H'",
            skipped
        );
        var released = Assert.IsType<Outcome<ReleasedOccurrences>.Done>(await cluster.SendAsync(new ReleaseHeld(null, null, "not sent")));
        Assert.Equal(1, released.Value.Occurrences);
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE state = 'planned'"));
    }

    [Fact]
    public async Task An_end_that_is_still_to_come_is_refused()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
        var refused = Assert.IsType<Outcome<HeldAside>.Invalid>(await cluster.SendAsync(new HoldDue(later, DryRun: false, "why")));
        Assert.Contains("still to come", Assert.Single(refused.Errors["until"]), StringComparison.Ordinal);
    }

    private static async Task<Guid> PlanAsync(Cluster cluster, long chat, int minutes)
    {
        // What is planned late is due at once; this was planned in time.
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1), chat);
        await cluster.ApproveAsync(booking);
        await cluster.ExecuteAsync(
            """
            UPDATE reminders.occurrence o SET due_at = now() + make_interval(mins => $2)
            FROM reminders.subject s WHERE s.id = o.subject_id AND s.key = $1 AND o.kind = 'CONFIRM_2H'
            """,
            booking.ToString(),
            minutes
        );
        return booking;
    }

    private static async Task<string> HoldAsync(Cluster cluster, DateTime until, params string[] more)
    {
        var (code, output, errors) = await CommandLine.RunAsync(
            cluster.ConnectionString,
            ["hold", "due", "--until", $"{until:O}", "--reason", "restored to the morning", .. more]
        );
        Assert.Equal((0, ""), (code, errors));
        return output;
    }

    /// <summary>The candidates' chats that really got a message.</summary>
    private static long[] Reached(Cluster cluster) =>
        [.. cluster.Telegram.Record.Messages.Select(message => message.ChatId).Where(chat => chat < 10).Order()];
}
