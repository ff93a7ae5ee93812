using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Answers;

/// <summary>Incident 3 on the way of a confirmation: each webhook comes twice, to two nodes, and counts once.</summary>
public sealed class WhatsAppPresses(Postgres postgres)
{
    [Fact]
    public async Task A_press_that_comes_to_two_nodes_at_once_confirms_the_booking_once()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        var booking = await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        Assert.Equal(("interactive", "I confirm"), (message.Type, message.Buttons[0].Title[2..]));
        var press = nodes.WhatsApp.Press(message.Id, 0);
        await nodes.SettledAsync(press);
        await nodes.WhatsApp.Record.WaitForAsync(record => record.Posts.Count(post => post.Name == press) == 2, WhatsAppNodes.Patience);
        Assert.Equal("confirmed", await nodes.First.ScalarAsync<string>("SELECT status FROM reminders.subject WHERE key = $1", booking));
        Assert.Equal("1 Confirmed", await nodes.First.ScalarAsync<string>("SELECT count(*) || ' ' || min(effect) FROM reminders.press"));
        Assert.Equal(1, await nodes.First.ScalarAsync<int>("SELECT repeats FROM reminders.inbound_update WHERE provider_id = $1", press));
        Assert.Equal(
            1,
            await nodes.First.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE kind = 'CANDIDATE_CONFIRMED'")
        );
        Assert.Equal(["send 0 sent"], await nodes.MessagesAsync()); // and nothing to edit it with
    }

    [Fact]
    public async Task Who_writes_STOP_gets_nothing_until_START()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        await nodes.ArrivedAsync();
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, " Stop "));
        Assert.Equal("opted_out", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
        // Writing something else is no wish to hear from us again.
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "When was it?"));
        Assert.Equal("opted_out", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "START"));
        Assert.Equal("reachable", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }

    [Fact]
    public async Task Two_presses_on_both_buttons_count_in_the_order_they_came_and_a_strangers_does_not()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        var message = await nodes.ArrivedAsync();
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 0, from: "4915550001"));
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 0));
        await nodes.SettledAsync(nodes.WhatsApp.Press(message.Id, 1));
        Assert.Equal(
            ["press: NotYours", "press: Confirmed", "press: Declined"],
            await nodes.First.ScalarAsync<string[]>(
                "SELECT array_agg(effect ORDER BY seq) FROM reminders.inbound_update WHERE effect LIKE 'press%'"
            )
        );
    }

    [Fact]
    public async Task A_moved_slot_is_a_new_message_and_the_old_one_is_not_edited()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        var booking = await nodes.ApproveAsync();
        await nodes.ArrivedAsync();
        var moved = await nodes.First.PostAsync(
            $"/api/bookings/{booking}/move",
            $$"""{"startsAt":"{{TimeProvider.System.GetUtcNow().AddMinutes(100):O}}"}"""
        );
        Assert.Equal(200, moved.Status);
        await nodes.WhatsApp.Record.WaitForAsync(record => record.MessagesTo(WhatsAppNodes.Anna).Count == 2, WhatsAppNodes.Patience);
        await nodes.UntilAsync("SELECT bool_and(state = 'sent') FROM reminders.outbox WHERE channel = 'whatsapp'");
        Assert.Equal(["send 0 sent", "send 0 sent"], await nodes.MessagesAsync());
    }

    [Fact]
    public async Task Whoever_writes_from_a_number_is_reachable_again()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres);
        await nodes.ApproveAsync();
        await nodes.ArrivedAsync();
        await nodes.First.ScalarAsync<long>(
            "UPDATE reminders.address SET state = 'unreachable', reason = 'x' WHERE channel = 'whatsapp' RETURNING recipient_id"
        );
        await nodes.SettledAsync(nodes.WhatsApp.SendText(WhatsAppNodes.Anna, "I am here"));
        Assert.Equal("reachable", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }

    [Fact]
    public async Task Outside_the_24_hours_free_text_is_refused_and_not_tried_again()
    {
        await using var nodes = await WhatsAppNodes.StartAsync(postgres, new() { EnforceLimits = false });
        await nodes.ApproveAsync();
        await nodes.UntilAsync("SELECT EXISTS (SELECT FROM reminders.outbox WHERE channel = 'whatsapp' AND state = 'dead')");
        Assert.StartsWith(
            "131047 (#131047) Re-engagement message",
            await nodes.First.ScalarAsync<string>("SELECT reason FROM reminders.outbox WHERE channel = 'whatsapp'"),
            StringComparison.Ordinal
        );
        Assert.Equal(1, nodes.WhatsApp.Record.Calls);
        Assert.Equal("reachable", await nodes.First.ScalarAsync<string>("SELECT state FROM reminders.address WHERE channel = 'whatsapp'"));
    }
}
