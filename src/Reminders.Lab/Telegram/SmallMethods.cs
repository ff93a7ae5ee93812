using System.Text.Json;

namespace Reminders.Lab.Telegram;

/// <summary>What bot libraries call while they start up, cheaply.</summary>
internal static class SmallMethods
{
    public static BotReply GetMe(SandboxBot bot) =>
        BotReply.Ok(
            static (w, json) =>
            {
                w.WriteStartObject();
                json.WriteBotFields(w);
                w.WriteBoolean("can_join_groups"u8, true);
                w.WriteBoolean("can_read_all_group_messages"u8, false);
                w.WriteBoolean("supports_inline_queries"u8, false);
                w.WriteBoolean("can_connect_to_business"u8, false);
                w.WriteBoolean("has_main_web_app"u8, false);
                w.WriteEndObject();
            },
            bot.Json
        );

    public static BotReply GetChat(SandboxBot bot, BotArguments arguments) =>
        MessageMethods.FindChat(bot, arguments, out var chat)
        ?? BotReply.Ok(
            static (w, chat) =>
            {
                w.WriteStartObject();
                MessageJson.WriteChatFields(w, chat);
                w.WriteNumber("accent_color_id"u8, 0);
                w.WriteNumber("max_reaction_count"u8, 11);
                w.WriteStartObject("accepted_gift_types"u8);
                foreach (
                    var type in (string[])
                        ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
                )
                {
                    w.WriteBoolean(type, false);
                }

                w.WriteEndObject();
                w.WriteEndObject();
            },
            chat
        );

    public static BotReply SendChatAction(SandboxBot bot, BotArguments arguments) =>
        MessageMethods.FindChat(bot, arguments, out _) ?? BotReply.True;

    public static BotReply GetMyCommands(SandboxBot bot) =>
        BotReply.Ok(static (w, commands) => w.WriteRawValue(commands), bot.Commands ?? "[]"u8.ToArray());

    public static BotReply SetMyCommands(SandboxBot bot, BotArguments arguments)
    {
        var commands = arguments["commands"u8].ToArray();
        try
        {
            using var document = JsonDocument.Parse(commands);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return BotReply.BadRequest("expected an Array of BotCommand");
            }
        }
        catch (JsonException)
        {
            return BotReply.BadRequest("can't parse commands JSON object");
        }

        bot.Commands = commands;
        return BotReply.True;
    }

    public static BotReply DeleteMyCommands(SandboxBot bot)
    {
        bot.Commands = null;
        return BotReply.True;
    }
}
