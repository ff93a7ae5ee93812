using System.Text.Json;
using Telegram.Bot.Types.Enums;

namespace Reminders.Telegram;

/// <summary>One update, as far as the engine cares. All three parts are null for a kind it does not know.</summary>
internal sealed record TelegramUpdate(
    long UpdateId,
    TelegramMessage? Message = null,
    TelegramCallback? Callback = null,
    TelegramMembership? MyChatMember = null
)
{
    /// <summary>What to name in <c>allowed_updates</c>.</summary>
    public static UpdateType[] Kinds => [UpdateType.Message, UpdateType.CallbackQuery, UpdateType.MyChatMember];

    /// <inheritdoc cref="TelegramUpdateParser"/>
    public static ParsedUpdate Parse(JsonElement json) => TelegramUpdateParser.Parse(json);
}

/// <param name="Date">Null for a message that Telegram no longer shows the bot (its <c>date</c> is 0): only its ids are known.</param>
internal sealed record TelegramMessage(long MessageId, TelegramUser? From, TelegramChat Chat, DateTimeOffset? Date, string? Text);

/// <summary>A press on a button.</summary>
/// <param name="Id">What answerCallbackQuery wants back.</param>
/// <param name="Data">What the button carried. Forgeable: a client can send any text.</param>
internal sealed record TelegramCallback(string Id, TelegramUser From, TelegramMessage? Message, string? ChatInstance, string? Data);

/// <summary>The person blocked or unblocked the bot, or a group took it in or threw it out.</summary>
/// <param name="Status">The bot's new status there: <c>member</c>, <c>kicked</c> (blocked), <c>left</c> …</param>
internal sealed record TelegramMembership(TelegramChat Chat, TelegramUser From, string Status, DateTimeOffset? Date = null);

internal sealed record TelegramUser(long Id, string? Username, string? FirstName, string? LanguageCode);

/// <param name="Type"><c>private</c>, <c>group</c>, <c>supergroup</c> or <c>channel</c>.</param>
internal sealed record TelegramChat(long Id, string? Type)
{
    /// <summary>One person's: by its type and by its id, which is negative for everything else.</summary>
    public bool IsPrivate => Id > 0 && Type is null or "private";
}
