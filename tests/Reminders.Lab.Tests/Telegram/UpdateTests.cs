using System.Text.Json;

namespace Reminders.Lab.Tests.Telegram;

public sealed class UpdateTests
{
    private const long Chat = BotClient.Chat;

    private static int Id(JsonElement update) => update.GetProperty("update_id").GetInt32();

    [Fact]
    public async Task A_press_carries_who_where_and_what()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        var press = Assert.Single(bot.Simulator.PressButton(Chat, id, 1).Presses);
        var update = Assert.Single(await bot.UpdatesAsync());
        Assert.Equal(press.UpdateIds, [Id(update)]);
        var query = update.GetProperty("callback_query");
        Assert.Equal((press.CallbackQueryId, "n:1"), (query.GetProperty("id").GetString(), query.GetProperty("data").GetString()));
        Assert.Equal(Chat, query.GetProperty("from").GetProperty("id").GetInt64());
        Assert.Equal(id, query.GetProperty("message").GetProperty("message_id").GetInt64());
        Assert.NotEmpty(query.GetProperty("chat_instance").GetString()!);
    }

    [Fact]
    public async Task A_press_may_be_forged_repeated_doubled_or_made_by_someone_else()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.AddChat(1002, "Eve");
        var pressed = bot.Simulator.Press(Chat, 555, "forged", times: 2, asTwoUpdates: true, asUser: 1002);
        var updates = await bot.UpdatesAsync();
        Assert.Equal(4, updates.Select(Id).Distinct().Count());
        Assert.Equal(
            pressed.Presses.Select(p => p.CallbackQueryId),
            updates.Select(u => u.GetProperty("callback_query").GetProperty("id").GetString()).Distinct()
        );
        var query = updates[0].GetProperty("callback_query");
        Assert.Equal("Eve", query.GetProperty("from").GetProperty("first_name").GetString());

        // The bot's side never sent message 555: a stub, as for a message that is no longer accessible.
        Assert.Equal(
            (555, 0),
            (query.GetProperty("message").GetProperty("message_id").GetInt32(), query.GetProperty("message").GetProperty("date").GetInt32())
        );
    }

    [Fact]
    public async Task A_button_that_is_not_there_cannot_be_pressed()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        Assert.Equal($"Message {id} has 2 buttons; there is no number 2.", bot.Simulator.PressButton(Chat, id, 2).Detail);
        Assert.False(bot.Simulator.PressButton(Chat, 999, 0).Reached);
        Assert.Equal(0, bot.Simulator.PendingUpdates);
    }

    [Fact]
    public async Task A_command_is_marked_for_the_libraries_and_its_chat_is_added()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.SendText(2002, "/start CODE");
        var message = Assert.Single(await bot.UpdatesAsync()).GetProperty("message");
        Assert.Equal("/start CODE", message.GetProperty("text").GetString());
        Assert.Equal(
            ("bot_command", 6),
            (
                message.GetProperty("entities")[0].GetProperty("type").GetString(),
                message.GetProperty("entities")[0].GetProperty("length").GetInt32()
            )
        );
        Assert.Equal(200, (await bot.SendAsync(chat: 2002)).Status);
    }

    [Fact]
    public async Task Updates_come_again_until_an_offset_confirms_them()
    {
        await using var bot = await BotClient.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            bot.Simulator.SendText(Chat, $"t{i}");
        }

        var all = (await bot.UpdatesAsync()).Select(Id).ToArray();
        Assert.Equal([all[0], all[0] + 1, all[0] + 2], all);
        Assert.Equal(all[..2], (await bot.UpdatesAsync(new { offset = all[0], limit = 2 })).Select(Id));
        Assert.Equal(all[1..], (await bot.UpdatesAsync(new { offset = all[1] })).Select(Id));
        Assert.Equal(2, bot.Simulator.PendingUpdates);
    }

    [Fact]
    public async Task A_negative_offset_keeps_only_the_last_and_one_far_ahead_confirms_nothing()
    {
        await using var bot = await BotClient.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            bot.Simulator.SendText(Chat, $"t{i}");
        }

        var last = (await bot.UpdatesAsync()).Select(Id).Last();
        Assert.Equal(3, (await bot.UpdatesAsync(new { offset = last + 100 })).Length);
        Assert.Equal([last], (await bot.UpdatesAsync(new { offset = -1 })).Select(Id));
        Assert.Equal(1, bot.Simulator.PendingUpdates);
    }

    [Fact]
    public async Task A_long_poll_is_answered_by_the_next_update_or_empty_when_its_time_is_up()
    {
        await using var bot = await BotClient.StartAsync();
        var poll = bot.UpdatesAsync(new { timeout = 30 });
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(30));
        bot.Simulator.SendText(Chat, "hello");
        var id = Id(Assert.Single(await poll));

        // More than 50 s are pulled down to 50.
        poll = bot.UpdatesAsync(new { timeout = 90, offset = id + 1 });
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(50));
        bot.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Empty(await poll);
    }

    [Fact]
    public async Task Polling_again_at_once_for_the_same_offset_waits_three_seconds()
    {
        await using var bot = await BotClient.StartAsync();
        Assert.Empty(await bot.UpdatesAsync());
        var poll = bot.UpdatesAsync();
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(3));
        bot.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(await poll);
    }

    [Fact]
    public async Task A_second_poller_ends_the_first_and_repeated_conflicts_are_told_late()
    {
        const string conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        await using var bot = await BotClient.StartAsync();
        var first = bot.CallAsync("getUpdates", new { timeout = 10 });
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(10));
        var second = bot.CallAsync("getUpdates", new { timeout = 20 });
        (await first).IsError(409, conflict);
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(20));
        var third = bot.CallAsync("getUpdates", new { timeout = 30 });
        await bot.Time.UntilATimerIsDueInAsync(TimeSpan.FromSeconds(3));
        Assert.False(second.IsCompleted);
        bot.Time.Advance(TimeSpan.FromSeconds(3));
        (await second).IsError(409, conflict);
        bot.Simulator.RevokeToken();
        (await third).IsError(401, "Unauthorized");
    }

    [Fact]
    public async Task The_allowed_types_hold_until_they_are_named_anew()
    {
        await using var bot = await BotClient.StartAsync();
        await bot.UpdatesAsync(new { offset = 1, allowed_updates = new[] { "callback_query" } });
        bot.Simulator.SendText(Chat, "not asked for");
        Assert.True(bot.Simulator.Press(Chat, 1, "x").Reached);
        Assert.True(Assert.Single(await bot.UpdatesAsync(new { offset = 2 })).TryGetProperty("callback_query", out _));
        await bot.UpdatesAsync(new { offset = 3, allowed_updates = new[] { "message" } });
        Assert.False(bot.Simulator.Press(Chat, 1, "x").Reached);
        await bot.UpdatesAsync(new { offset = 4, allowed_updates = Array.Empty<string>() });
        Assert.True(bot.Simulator.Press(Chat, 1, "x").Reached);
    }

    [Fact]
    public async Task A_press_waits_a_hundred_and_fifty_seconds_and_a_text_a_day()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.SendText(Chat, "text");
        bot.Simulator.Press(Chat, 1, "x");
        bot.Time.Advance(TimeSpan.FromSeconds(150));
        Assert.Equal(2, bot.Simulator.PendingUpdates);
        bot.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Assert.Single(await bot.UpdatesAsync()).TryGetProperty("message", out _));
        bot.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, bot.Simulator.PendingUpdates);
    }
}
