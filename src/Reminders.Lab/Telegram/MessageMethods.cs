namespace Reminders.Lab.Telegram;

/// <summary>
/// sendMessage and the edits. The complaints come in the real server's order: what it can see in the arguments, then the
/// chat, then what only the servers behind it check (limits, blocks, button data).
/// </summary>
internal static class MessageMethods
{
    private const string NotModified =
        "message is not modified: specified new message content and reply markup are exactly the same as a current content "
        + "and reply markup of the message";

    public static BotReply Send(SandboxBot bot, BotCall call)
    {
        var arguments = call.Arguments;
        if (
            !MessageText.TryRead(arguments, out var text, out var entities, out var error)
            || !ObjectsAreObjects(arguments, out error)
            || !Keyboard.TryParse(arguments["reply_markup"u8], inlineOnly: false, out var keyboard, out error)
        )
        {
            return BotReply.BadRequest(error);
        }

        if (FindChat(bot, arguments, out var chat) is { } noChat)
        {
            return noChat;
        }

        if (MessageText.Complaint(text) is { Length: > 0 } complaint)
        {
            return BotReply.BadRequest(complaint);
        }

        var wait = bot.Flood.TakeSend(chat);
        if (wait > 0)
        {
            return BotReply.TooManyRequests(wait);
        }

        if (Refusal(chat) is { } refused)
        {
            return refused;
        }

        if (keyboard is { DataTooLong: true })
        {
            return BotReply.BadRequest("BUTTON_DATA_INVALID");
        }

        BotReply reply;
        SentMessage sent;
        lock (chat.Gate)
        {
            sent = new SentMessage(chat.Id, bot.Chats.NextMessageId(), text, keyboard, bot.Time.GetUtcNow(), call.Hiding);
            var stored = new StoredMessage(sent, entities);
            chat.Store(stored);
            reply = MessageReply(bot, chat, stored);
        }

        bot.Record.Add(sent);
        return reply;
    }

    public static BotReply EditText(SandboxBot bot, BotCall call)
    {
        if (
            !MessageText.TryRead(call.Arguments, out var text, out var entities, out var error)
            || !ObjectsAreObjects(call.Arguments, out error)
            || !Keyboard.TryParse(call.Arguments["reply_markup"u8], inlineOnly: true, out var keyboard, out error)
        )
        {
            return BotReply.BadRequest(error);
        }

        return Edit(bot, call, text, entities, keyboard);
    }

    public static BotReply EditReplyMarkup(SandboxBot bot, BotCall call) =>
        Keyboard.TryParse(call.Arguments["reply_markup"u8], inlineOnly: true, out var keyboard, out var error)
            ? Edit(bot, call, text: null, [], keyboard)
            : BotReply.BadRequest(error);

    /// <summary>Null when the chat can be written to as far as the Bot API itself knows.</summary>
    public static BotReply? FindChat(SandboxBot bot, BotArguments arguments, out SimulatedChat chat)
    {
        chat = null!;
        if (arguments["chat_id"u8].IsEmpty)
        {
            return BotReply.BadRequest("chat_id is empty");
        }

        if (bot.Chats.FindOrCreate(arguments.Long("chat_id"u8)) is not { } found)
        {
            return BotReply.BadRequest("chat not found");
        }

        chat = found;
        return chat switch
        {
            { MigratedTo: { } to } => BotReply.Error(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                "migrate_to_chat_id",
                to
            ),
            { State: ChatState.Deactivated } => BotReply.Forbidden("user is deactivated"),
            { State: ChatState.Blocked, Id: < 0 } => BotReply.Forbidden($"bot was kicked from the {chat.Type} chat"),
            _ => null,
        };
    }

    private static BotReply? Refusal(SimulatedChat chat) =>
        chat.State switch
        {
            ChatState.Blocked => BotReply.Forbidden("bot was blocked by the user"),
            ChatState.NeverStarted => BotReply.Forbidden("bot can't initiate conversation with a user"),
            _ => null,
        };

    /// <param name="text">Null keeps the text. The keyboard is always the one given: leaving it out drops it.</param>
    private static BotReply Edit(SandboxBot bot, BotCall call, string? text, TextEntity[] entities, Keyboard? keyboard)
    {
        if (FindChat(bot, call.Arguments, out var chat) is { } noChat)
        {
            return noChat;
        }

        BotReply reply;
        MessageEdit edit;
        lock (chat.Gate)
        {
            if (chat.Find(call.Arguments.Long("message_id"u8)) is not { } message)
            {
                return BotReply.BadRequest("message to edit not found");
            }

            if (text is not null && MessageText.Complaint(text) is { Length: > 0 } complaint)
            {
                return BotReply.BadRequest(complaint);
            }

            if (Refusal(chat) is { } refused)
            {
                return refused;
            }

            if (keyboard is { DataTooLong: true })
            {
                return BotReply.BadRequest("BUTTON_DATA_INVALID");
            }

            if (text is null)
            {
                (text, entities) = (message.Text, message.Entities);
            }

            if (text == message.Text && entities.SequenceEqual(message.Entities) && Keyboard.Same(keyboard, message.Keyboard))
            {
                return BotReply.BadRequest(NotModified);
            }

            var now = bot.Time.GetUtcNow();
            message.Change(text, entities, keyboard, now);
            edit = new MessageEdit(chat.Id, message.Sent.MessageId, text, keyboard?.ReadButtons() ?? [], now, call.Hiding);
            reply = MessageReply(bot, chat, message);
        }

        bot.Record.Add(edit);
        return reply;
    }

    private static BotReply MessageReply(SandboxBot bot, SimulatedChat chat, StoredMessage message) =>
        BotReply.Ok(static (w, s) => s.Json.WriteMessage(w, s.chat, s.message), (bot.Json, chat, message), message.Sent.MessageId);

    /// <summary>A null where an object belongs arrives as the text "null" and breaks the call.</summary>
    private static bool ObjectsAreObjects(BotArguments arguments, out string error)
    {
        error =
            IsNoObject(arguments["link_preview_options"u8]) ? "object expected as link preview options"
            : IsNoObject(arguments["reply_parameters"u8]) ? "object expected as reply parameters"
            : "";
        return error.Length == 0;
    }

    private static bool IsNoObject(ReadOnlySpan<byte> value) => !value.IsEmpty && value.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..];
}
