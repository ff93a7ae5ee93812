using System.Collections.Frozen;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <param name="Hiding">The fault that will keep the reply from the client, to be written beside what is accepted.</param>
internal readonly record struct BotCall(BotArguments Arguments, FaultKind? Hiding);

internal sealed record BotMethod(string Name, Func<SandboxBot, BotCall, ValueTask<BotReply>> Run);

/// <summary>The table of contents of the Bot API here.</summary>
internal static class BotMethods
{
    private static readonly FrozenDictionary<string, BotMethod> All = new BotMethod[]
    {
        new("sendMessage", static (bot, call) => new(MessageMethods.Send(bot, call))),
        new("editMessageText", static (bot, call) => new(MessageMethods.EditText(bot, call))),
        new("editMessageReplyMarkup", static (bot, call) => new(MessageMethods.EditReplyMarkup(bot, call))),
        new("answerCallbackQuery", static (bot, call) => new(CallbackMethods.Answer(bot, call))),
        new("getUpdates", static (bot, call) => new(bot.Polling.GetUpdatesAsync(call.Arguments, bot.Webhook.Target is not null))),
        new("setWebhook", static (bot, call) => new(WebhookMethods.SetAsync(bot, call.Arguments))),
        new("deleteWebhook", static (bot, call) => new(WebhookMethods.DeleteAsync(bot, call.Arguments))),
        new("getWebhookInfo", static (bot, _) => new(WebhookMethods.Info(bot))),
        new("getMe", static (bot, _) => new(SmallMethods.GetMe(bot))),
        new("getChat", static (bot, call) => new(SmallMethods.GetChat(bot, call.Arguments))),
        new("sendChatAction", static (bot, call) => new(SmallMethods.SendChatAction(bot, call.Arguments))),
        new("getMyCommands", static (bot, _) => new(SmallMethods.GetMyCommands(bot))),
        new("setMyCommands", static (bot, call) => new(SmallMethods.SetMyCommands(bot, call.Arguments))),
        new("deleteMyCommands", static (bot, _) => new(SmallMethods.DeleteMyCommands(bot))),
        new("logOut", static (_, _) => new(BotReply.True)),
        new("close", static (_, _) => new(BotReply.True)),
    }.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, BotMethod>.AlternateLookup<ReadOnlySpan<char>> BySpan = All.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    public static bool TryGet(ReadOnlySpan<char> name, out BotMethod method) => BySpan.TryGetValue(name, out method!);
}
