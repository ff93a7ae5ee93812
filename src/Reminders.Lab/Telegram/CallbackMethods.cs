namespace Reminders.Lab.Telegram;

/// <summary>answerCallbackQuery.</summary>
internal static class CallbackMethods
{
    private const int MaxTextLength = 200;

    public static BotReply Answer(SandboxBot bot, BotCall call)
    {
        var id = call.Arguments.Text("callback_query_id"u8);
        var text = call.Arguments.Text("text"u8);
        if (bot.FindPress(id) is not { } press)
        {
            return BotReply.BadRequest("query is too old and response timeout expired or query ID is invalid");
        }

        if (text.Length > MaxTextLength)
        {
            return BotReply.BadRequest("MESSAGE_TOO_LONG");
        }

        bot.Record.Add(
            new CallbackAnswer(
                id,
                press.ChatId,
                press.MessageId,
                text.Length > 0 ? text : null,
                call.Arguments.Flag("show_alert"u8),
                bot.Time.GetUtcNow()
            )
        );
        return BotReply.True with { MessageId = press.MessageId };
    }
}
