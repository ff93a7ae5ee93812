using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Outbox.Operators;

namespace Reminders.Integration.Tests.Outbox;

/// <summary>
/// What an operator stops by hand stands still on every node, and goes on at its time or by hand: each message once, and none that is past
/// its use.
/// </summary>
public sealed class Pauses(Postgres postgres)
{
    private const string Kind = "CONFIRM_2H";
    private const string Other = "SOON_2H";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Taken straight from the ledger, and claimed where the channel has limits.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kind_that_is_paused_waits_on_both_nodes_while_others_leave_and_goes_on_once(bool hasLimits)
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Limits(hasLimits));
        Assert.True(Done(await cluster.SendAsync(new PauseKind(Kind, null, "The text is wrong"))).Changed);
        for (var chat = 1; chat <= 6; chat++)
        {
            await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.FromSeconds(1), chat, node: chat % 2));
        }

        await cluster.UntilAsync($"SELECT count(*) = 6 FROM reminders.outbox WHERE kind = '{Kind}' AND state = 'pending'", Patience);
        // Something else over the same channel leaves meanwhile.
        await cluster.UntilAsync($"SELECT count(*) = 6 FROM reminders.outbox WHERE kind = '{Other}' AND state = 'sent'", Patience);
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>($"SELECT count(*) FROM reminders.outbox WHERE kind = '{Kind}' AND state <> 'pending'")
        );

        Assert.True(Done(await cluster.SendAsync(new ResumeKind(Kind, "Mended"), node: 1)).Changed);
        await cluster.UntilAsync($"SELECT count(*) = 6 FROM reminders.outbox WHERE kind = '{Kind}' AND state = 'sent'", Patience);
        for (var chat = 1; chat <= 6; chat++)
        {
            Assert.Single(cluster.Telegram.Record.MessagesTo(chat));
        }

        Assert.Equal(
            ["kind.pause The text is wrong", "kind.resume Mended"],
            await cluster.ScalarAsync<string[]>(
                $"SELECT array_agg(action || ' ' || reason ORDER BY id) FROM reminders.audit WHERE about = 'kind {Kind}'"
            )
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_is_paused_until_a_time_goes_on_by_itself_and_not_before(bool isKind, bool hasLimits)
    {
        await using var cluster = await Cluster.StartAsync(postgres, overrides: Limits(hasLimits));
        var until = await cluster.ScalarAsync<DateTime>("SELECT clock_timestamp() + interval '4 seconds'");
        await PauseAsync(cluster, isKind, until);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.Zero, 1));
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1).Count == 1, Patience);
        var began = await cluster.ScalarAsync<DateTime>($"SELECT send_started_at FROM reminders.outbox WHERE kind = '{Kind}'");
        Assert.InRange(began, until, until.AddSeconds(3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_past_its_use_by_then_is_given_up_and_the_recruiter_hears_of_it(bool isKind)
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        await PauseAsync(cluster, isKind, null);
        await cluster.ApproveAsync(await cluster.ProposeAsync(TimeSpan.Zero, 1, 9001));
        await cluster.UntilAsync($"SELECT count(*) = 1 FROM reminders.outbox WHERE kind = '{Kind}' AND state = 'pending'", Patience);
        await cluster.ExecuteAsync($"UPDATE reminders.outbox SET useful_until = now() WHERE kind = '{Kind}'");
        await cluster.UntilAsync(
            $"SELECT count(*) = 1 FROM reminders.outbox WHERE kind = '{Kind}' AND state = 'dead' AND starts_with(reason, 'past_use_')",
            Patience
        );
        Assert.Empty(cluster.Telegram.Record.MessagesTo(1));
        if (isKind)
        {
            await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Patience);
        }
    }

    /// <summary>Claimed before the pause, and not started: it is put back where it was.</summary>
    [Fact]
    public async Task What_was_claimed_before_a_pause_does_not_start_after_it()
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        var due = await cluster.ScalarAsync<DateTime>("SELECT due_at FROM reminders.outbox");
        var claims = await hand.ClaimAsync();
        await cluster.SendAsync(new PauseKind(Kind, null, "now"));
        Assert.Empty((await hand.BeginAsync(claims)).Started);
        Assert.Equal(
            ("pending", due),
            (
                await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox"),
                await cluster.ScalarAsync<DateTime>("SELECT due_at FROM reminders.outbox")
            )
        );
        Assert.Empty(await hand.Store.ClaimAsync("telegram", 10, default));
        await cluster.SendAsync(new ResumeKind(Kind, "now"));
        Assert.Single((await hand.BeginAsync(await hand.ClaimAsync())).Started);
    }

    /// <summary>A 429 and an operator have columns of their own: the end of one is not the end of the other.</summary>
    [Theory]
    [InlineData("stopped_until = now() - interval '1 second', paused_until = now() + interval '1 minute'", "waiting")]
    [InlineData("stopped_until = now() + interval '1 minute', paused_until = now() - interval '1 second'", "stopped")]
    [InlineData("stopped_until = now() - interval '1 second', paused_until = now() - interval '1 second'", null)]
    public async Task A_provider_and_an_operator_stop_a_channel_each_for_themselves(string how, string? state)
    {
        var (cluster, hand) = await Hand.StillAsync(postgres);
        await using var _ = cluster;
        await hand.QueueAsync();
        await cluster.ExecuteAsync(
            "INSERT INTO reminders.channel (name) VALUES ('telegram'); "
                + $"UPDATE reminders.channel SET stopped_since = now(), stopped_by = 'olga', stop_reason = 'r', {how}"
        );
        Assert.Equal(state is null ? 1 : 0, (await hand.Store.ClaimAsync("telegram", 10, default)).Count);
        var next = await hand.Store.NextDueAsync("telegram", [], default);
        Assert.Equal((state is not null, state is not null), (next.IsShut, next.Wait > TimeSpan.FromSeconds(50)));
        if (state == "stopped")
        {
            // Another end is another pause; the same again is none.
            var until = TimeProvider.System.GetUtcNow().AddHours(1);
            Assert.True(Done(await cluster.SendAsync(new PauseChannel("telegram", until, "longer"))).Changed);
            var again = Done(await cluster.SendAsync(new PauseChannel("telegram", until, "longer")));
            Assert.False(again.Changed);
            Assert.Equal("stopped", again.Value.State);
        }
    }

    [Fact]
    public async Task An_end_that_is_over_or_too_far_a_kind_that_is_none_and_no_reason_are_refused()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        cluster.AddStillNode();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var until in (DateTimeOffset[])[now.AddMinutes(-1), now.AddDays(400), DateTimeOffset.MinValue, DateTimeOffset.MaxValue])
        {
            var kind = Assert.IsType<Outcome<KindStatus>.Invalid>(await cluster.SendAsync(new PauseKind(Kind, until, "r")));
            Assert.Contains($"{until:O}", Assert.Single(kind.Errors["until"]), StringComparison.Ordinal);
            Assert.IsType<Outcome<ChannelStatus>.Invalid>(await cluster.SendAsync(new PauseChannel("telegram", until, "r")));
        }

        Assert.IsType<Outcome<KindStatus>.NotFound>(await cluster.SendAsync(new PauseKind("NONE", null, "r")));
        Assert.IsType<Outcome<KindStatus>.NotFound>(await cluster.SendAsync(new ResumeKind("NONE", "r")));
        Assert.IsType<Outcome<KindStatus>.Invalid>(await cluster.SendAsync(new PauseKind(Kind, null, " ")));
        Assert.False(Done(await cluster.SendAsync(new ResumeKind(Kind, "r"))).Changed);
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.audit WHERE NOT refused"));
    }

    [Fact]
    public async Task However_many_pause_and_resume_at_once_each_change_is_on_record_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        for (var round = 0; round < 5; round++)
        {
            var paused = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(n => cluster.SendAsync(new PauseKind(Kind, null, $"round {round}"), node: n % 2))
            );
            Assert.Single(paused, one => Done(one).Changed);
            var resumed = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(n => cluster.SendAsync(new ResumeKind(Kind, $"round {round}"), node: n % 2))
            );
            Assert.Single(resumed, one => Done(one).Changed);
        }

        Assert.Equal(10, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.audit"));
    }

    private static async Task PauseAsync(Cluster cluster, bool isKind, DateTime? until)
    {
        DateTimeOffset? end = until is { } at ? new(at) : null;
        Assert.True(
            isKind
                ? Done(await cluster.SendAsync(new PauseKind(Kind, end, "r"))).Changed
                : Done(await cluster.SendAsync(new PauseChannel("telegram", end, "r"))).Changed
        );
    }

    private static (string, string?)[] Limits(bool are) =>
        [
            ("Outbox:Limits:telegram:PerSecond", are ? "1000" : "0"),
            ($"Kinds:{Other}:Subject", "booking"),
            ($"Kinds:{Other}:On", "approved"),
            ($"Kinds:{Other}:To", "recruiter"),
            ($"Kinds:{Other}:Before", "02:00:00"),
            ($"Kinds:{Other}:WantedIn:0", "approved"),
            ($"Kinds:{Other}:Channels:0", "telegram"),
            ($"Kinds:{Other}:Templates:en:text", "{title} begins soon."),
        ];

    private static Outcome<T>.Done Done<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Done>(outcome);
}
