using Reminders.Lab.Telegram;

namespace Reminders.Lab.Tests.Telegram;

public sealed class EditTests
{
    private const long Chat = BotClient.Chat;

    [Fact]
    public async Task Editing_the_text_without_a_keyboard_drops_the_keyboard()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        bot.Time.Advance(TimeSpan.FromSeconds(5));
        var answer = await bot.CallAsync(
            "editMessageText",
            new
            {
                chat_id = Chat,
                message_id = id,
                text = "Done",
            }
        );

        Assert.Equal("Done", answer.Result.GetProperty("text").GetString());
        Assert.False(answer.Result.TryGetProperty("reply_markup", out _));
        Assert.Equal(5, answer.Result.GetProperty("edit_date").GetInt64() - answer.Result.GetProperty("date").GetInt64());
        var now = bot.Record.CurrentMessage(Chat, id)!;
        Assert.Equal(("Done", 0), (now.Text, now.Buttons.Count));
        Assert.Equal("Confirm?", Assert.Single(bot.Record.Messages).Text);
        Assert.Equal("Done", Assert.Single(bot.Record.Edits).Text);
    }

    [Fact]
    public async Task Editing_the_keyboard_keeps_the_text()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        Assert.Equal(200, (await bot.CallAsync("editMessageReplyMarkup", new { chat_id = Chat, message_id = id })).Status);
        var now = bot.Record.CurrentMessage(Chat, id)!;
        Assert.Equal(("Confirm?", 0), (now.Text, now.Buttons.Count));
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_is_refused_however_the_keyboard_is_spelled()
    {
        const string notModified =
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
            + "current content and reply markup of the message";
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        const string respelled =
            """{ "inline_keyboard" : [ [ {"callback_data":"y:1", "text":"I confirm"} ], [ {"callback_data":"n:1","text":"I can\u0027t"} ] ] }""";
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = Chat,
                    message_id = id,
                    text = "Confirm?",
                    reply_markup = respelled,
                }
            )
        ).IsError(400, notModified);
        Assert.Equal(200, (await bot.CallAsync("editMessageReplyMarkup", new { chat_id = Chat, message_id = id })).Status);
        (await bot.CallAsync("editMessageReplyMarkup", new { chat_id = Chat, message_id = id })).IsError(400, notModified);
    }

    [Fact]
    public async Task Only_the_bots_own_messages_can_be_edited_and_only_in_their_chat()
    {
        await using var bot = await BotClient.StartAsync();
        bot.Simulator.AddChat(1002);
        var id = await bot.SendWithButtonsAsync();
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = Chat,
                    message_id = 999,
                    text = "x",
                }
            )
        ).IsError(400, "Bad Request: message to edit not found");
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = 1002,
                    message_id = id,
                    text = "x",
                }
            )
        ).IsError(400, "Bad Request: message to edit not found");
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = Chat,
                    message_id = id,
                    text = "",
                }
            )
        ).IsError(400, "Bad Request: message text is empty");
        (
            await bot.CallAsync(
                "editMessageText",
                new
                {
                    chat_id = Chat,
                    message_id = id,
                    text = "x",
                    reply_markup = new { keyboard = new[] { new[] { "a" } } },
                }
            )
        ).IsError(400, "Bad Request: inline keyboard expected");
        Assert.Empty(bot.Record.Edits);
    }

    [Fact]
    public async Task A_press_is_answered_once_in_time_and_refused_later()
    {
        await using var bot = await BotClient.StartAsync();
        var id = await bot.SendWithButtonsAsync();
        var press = bot.Simulator.PressButton(Chat, id, 0);
        var query = Assert.Single(press.Presses).CallbackQueryId;
        var answer = await bot.CallAsync(
            "answerCallbackQuery",
            new
            {
                callback_query_id = query,
                text = "Thanks",
                show_alert = true,
            }
        );
        Assert.True(answer.Result.GetBoolean());
        Assert.Equal(new CallbackAnswer(query, Chat, id, "Thanks", true, bot.Time.GetUtcNow()), Assert.Single(bot.Record.Answers));

        bot.Time.Advance(TimeSpan.FromSeconds(16));
        const string tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        (await bot.CallAsync("answerCallbackQuery", new { callback_query_id = query })).IsError(400, tooOld);
        (await bot.CallAsync("answerCallbackQuery", new { callback_query_id = "42" })).IsError(400, tooOld);
    }
}
