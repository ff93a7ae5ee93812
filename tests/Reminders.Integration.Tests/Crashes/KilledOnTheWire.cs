using Reminders.Lab.Simulation;

namespace Reminders.Integration.Tests.Crashes;

/// <summary>Killed while Telegram had the word: before its reply, and with a press that it has handed over.</summary>
public sealed class KilledOnTheWire(Postgres postgres) : KilledNode(postgres)
{
    [Fact]
    public async Task Killed_between_the_first_byte_and_the_reply_the_reminder_is_held_in_sight()
    {
        await using var cluster = await StartAsync();
        await using var node = await ChildAsync(cluster);
        cluster.Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMinutes(1), Next = 1 });
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(1));
        await ApproveAsync(cluster, node, booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await node.KillAsync();
        await HealsAsync(cluster, booking, started: true);
        Assert.Equal("uncertain", await cluster.ScalarAsync<string>("SELECT state FROM reminders.outbox WHERE kind = 'CONFIRM_2H'"));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }

    [Theory]
    [InlineData("BEFORE INSERT ON reminders.inbound_update")]
    [InlineData("BEFORE INSERT ON reminders.press")]
    [InlineData("CONSTRAINT AFTER INSERT ON reminders.press DEFERRABLE INITIALLY DEFERRED")]
    public async Task Killed_while_taking_a_press_the_answer_counts_once(string trigger)
    {
        await using var cluster = await StartAsync();
        await using var node = await ChildAsync(cluster);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await ApproveAsync(cluster, node, booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Patience);

        var gate = await new CrashPoint("a press", trigger).CloseAsync(cluster);
        cluster.Telegram.PressButton(1001, cluster.Telegram.Record.MessagesTo(1001)[0].MessageId, 0);
        await gate.SomebodyWaitsAsync(Patience);
        await node.KillAsync();
        await gate.CutAsync();
        await gate.DisposeAsync();
        await cluster.StartNodeAsync();
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(9001).Count == 1, Healed);
        await cluster.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox", Healed);
        Assert.Equal("confirmed", await cluster.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE type = 'booking'"));
        Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.press WHERE effect = 'Confirmed'"));
        Assert.Single(cluster.Telegram.Record.MessagesTo(9001));
        Assert.Single(cluster.Telegram.Record.MessagesTo(1001));
    }
}
