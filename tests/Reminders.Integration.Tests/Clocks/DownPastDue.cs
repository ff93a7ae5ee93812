using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Clocks;

/// <summary>Rule 11 for a cluster that slept: what is still of use is sent, what is not is said.</summary>
public sealed class DownPastDue(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    // As if it had been down for 40 minutes, or for nearly two hours: below what a confirmation is useful for.
    [InlineData(40, true)]
    [InlineData(115, false)]
    public async Task A_cluster_that_was_down_past_the_due_time_sends_what_is_of_use_and_tells_the_recruiter_of_the_rest(
        int minutes,
        bool useful
    )
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(1));
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync("SELECT EXISTS (SELECT FROM quartz.qrtz_triggers WHERE trigger_name LIKE 'CONFIRM_2H@%')", Patience);
        foreach (var node in cluster.Nodes)
        {
            await node.StopAsync(TestContext.Current.CancellationToken);
        }
        // Time passes for every row there is, Quartz's own trigger included, which then is long past.
        await cluster.ExecuteAsync("UPDATE reminders.subject SET happens_at = happens_at - $1", Passed(minutes));
        await cluster.ExecuteAsync(
            "UPDATE reminders.occurrence SET due_at = due_at - $1, useful_until = useful_until - $1, planned_at = planned_at "
                + "- $1, told = (SELECT told FROM reminders.subject s WHERE s.id = subject_id)",
            Passed(minutes)
        );
        await cluster.ExecuteAsync(
            "UPDATE quartz.qrtz_triggers SET next_fire_time = next_fire_time - $1, start_time = start_time - $1",
            (long)Passed(minutes).TotalMilliseconds
                * TicksPerMillisecond(await cluster.ScalarAsync<long>("SELECT max(next_fire_time) FROM quartz.qrtz_triggers"))
        );
        await cluster.StartNodeAsync();
        await cluster.StartNodeAsync();

        var (who, other) = useful ? (1001, 9001) : (9001, 1001);
        var told = useful ? "Will you be there?" : "was not reminded";
        await cluster.Telegram.Record.WaitForAsync(
            record => record.MessagesTo(who).Any(message => message.Text.Contains(told, StringComparison.Ordinal)),
            Patience
        );
        await cluster.UntilAsync(
            "SELECT NOT EXISTS (SELECT FROM reminders.event) AND NOT EXISTS (SELECT FROM reminders.outbox WHERE state NOT IN "
                + "('sent', 'dead'))",
            Patience
        );
        Assert.Single(cluster.Telegram.Record.MessagesTo(who), message => message.Text.Contains(told, StringComparison.Ordinal));
        Assert.DoesNotContain(
            cluster.Telegram.Record.MessagesTo(other),
            message => message.Text.Contains(useful ? "was not reminded" : "Will you", StringComparison.Ordinal)
        );
    }

    // The hour it was ahead, and what it is late by.
    private static TimeSpan Passed(int minutes) => TimeSpan.FromHours(1) + TimeSpan.FromMinutes(minutes);

    // Quartz keeps instants as ticks or as milliseconds; which it is can be seen from their size.
    private static long TicksPerMillisecond(long stored) => stored > 100_000_000_000_000 ? TimeSpan.TicksPerMillisecond : 1;
}
