using Reminders.Channels;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Bench;
using Reminders.Telegram;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>Rules 9 and 12: three nodes use what the provider permits, no more and hardly less, and nobody waits behind a crowd.</summary>
[Collection(nameof(Alone))]
public sealed class RateAndFairness(Postgres postgres)
{
    private const double Permitted = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ChannelLimits Ours = TelegramChannel.Traits.Limits;

    private static readonly (string, string?)[] Telegrams =
    [
        ("Outbox:Limits:telegram:PerSecond", $"{Ours.PerSecond}"),
        ("Outbox:Limits:telegram:PerRecipientInterval", $"{Ours.PerRecipientInterval}"),
    ];

    [Fact]
    public async Task Three_nodes_use_the_permitted_rate_and_are_never_told_to_slow_down()
    {
        const int Count = 360;
        await using var cluster = await StartAsync();
        var best = 0.0;
        // A 429 is the engine's fault, whatever else the machine does. The rate is the machine's as well: a node that is not
        // scheduled gives its instants back, so a busy one is slower (measured 29.0/s alone, 25/s beside a load of 20). That
        // nodes wait for each other, or share one's part, would show as a half or a third; how much more than that is figures.
        for (var run = 1; run <= 3 && best < 0.95 * Permitted; run++)
        {
            cluster.Telegram.Record.Clear();
            await BulkBookings.WriteAsync(
                cluster.Database,
                Count,
                "CONFIRM_2H",
                TimeSpan.FromMinutes(-1),
                queued: true,
                TestContext.Current.CancellationToken,
                name: $"run{run}"
            );
            await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount == Count, Patience);

            // Without the first second, in which the nodes notice, and the last, in which they run dry.
            var arrivals = cluster.Telegram.Record.Messages.Select(message => message.ArrivedAt).Order().Skip(30).SkipLast(30).ToArray();
            var rate = (arrivals.Length - 1) / (arrivals[^1] - arrivals[0]).TotalSeconds;
            var closest = arrivals.Zip(arrivals.Skip(29)).Min(pair => (pair.Second - pair.First).TotalSeconds);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{rate:0.00}/s, {cluster.Telegram.Record.TooManyRequests} times 429, 30 within {closest:0.000} s at the closest"
            );
            Assert.Equal(0, cluster.Telegram.Record.TooManyRequests);
            best = Math.Max(best, rate);
        }
        Assert.True(best >= 0.75 * Permitted, $"{best:0.00}/s of {Permitted}/s, for a limit of {Ours.PerSecond}/s");
    }

    [Fact]
    public async Task Ten_thousand_of_one_kind_do_not_stand_before_a_reminder_that_falls_due()
    {
        await using var cluster = await StartAsync();
        await BulkBookings.WriteAsync(
            cluster.Database,
            10_000,
            "NO_ANSWER_1H",
            TimeSpan.FromMinutes(-30),
            queued: true,
            TestContext.Current.CancellationToken
        );
        await cluster.Telegram.Record.WaitForAsync(record => record.MessageCount >= 60, Patience);
        for (long chat = 1; chat <= 3; chat++)
        {
            var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), chat);
            await cluster.ApproveAsync(booking, (int)chat - 1);
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(chat).Count == 1, Patience);
            var arrived = cluster.Telegram.Record.MessagesTo(chat)[0].ArrivedAt;
            var queued = new DateTimeOffset(
                await cluster.ScalarAsync<DateTime>(
                    """
                    SELECT m.created_at FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
                    JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1 AND m.kind = 'CONFIRM_2H'
                    """,
                    booking.ToString()
                )
            );
            // In messages and not in seconds, which are the machine's: each of three nodes has a window claimed, and may be claiming
            // the next at the moment in which this one is written. Whatever claims after that takes it along.
            var before = cluster.Telegram.Record.Messages.Count(message => message.ArrivedAt > queued && message.ArrivedAt < arrived);
            TestContext.Current.TestOutputHelper?.WriteLine($"behind {before}, after {(arrived - queued).TotalSeconds:0.00} s");
            const int InFlight = 16;
            Assert.InRange(before, 0, 3 * 2 * InFlight);
        }
    }

    [Fact]
    public async Task A_hundred_messages_that_always_fail_do_not_hold_up_a_good_one()
    {
        await using var cluster = await StartAsync();
        await BulkBookings.WriteAsync(
            cluster.Database,
            100,
            "CONFIRM_2H",
            TimeSpan.FromMinutes(-1),
            queued: true,
            TestContext.Current.CancellationToken
        );
        // Half are refused for good, half are asked to come back in a second, for ever.
        await cluster.ExecuteAsync(
            """
            UPDATE reminders.address SET address = CASE recipient_id % 2 WHEN 0 THEN 'nobody' || recipient_id ELSE '-' || address END
                WHERE channel = 'telegram'
            """
        );
        foreach (
            var group in await cluster.ScalarAsync<string[]>("SELECT array_agg(address) FROM reminders.address WHERE address LIKE '-%'")
        )
        {
            cluster.Telegram.Faults.Add(
                new(Lab.Simulation.FaultKind.TooManyRequests)
                {
                    ChatId = long.Parse(group, System.Globalization.CultureInfo.InvariantCulture),
                }
            );
        }

        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5), 1);
        var asked = TimeProvider.System.GetUtcNow();
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1).Count == 1, Patience);
        var took = cluster.Telegram.Record.MessagesTo(1)[0].ArrivedAt - asked;
        TestContext.Current.TestOutputHelper?.WriteLine($"after {took.TotalSeconds:0.00} s");
        Assert.True(took < TimeSpan.FromSeconds(5), $"It stood behind the failing ones for {took}.");
        await cluster.UntilAsync("SELECT count(*) >= 50 FROM reminders.outbox WHERE state = 'dead'", Patience);
    }

    private Task<Cluster> StartAsync() =>
        Cluster.StartAsync(postgres, nodes: 3, telegram: new() { EnforceLimits = true, AutoCreateChats = true }, overrides: Telegrams);
}
