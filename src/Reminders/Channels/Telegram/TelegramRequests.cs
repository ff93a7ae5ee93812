namespace Reminders.Channels.Telegram;

// One record per method, in Telegram's own words (the JSON names are these in snake_case).
// A null is left out: Telegram reads it as the text "null".

internal sealed record SendMessage(long ChatId, string Text, InlineKeyboardMarkup? ReplyMarkup = null);

/// <summary>Without a <paramref name="ReplyMarkup"/> the message loses its keyboard.</summary>
internal sealed record EditMessageText(long ChatId, long MessageId, string Text, InlineKeyboardMarkup? ReplyMarkup = null);

/// <inheritdoc cref="EditMessageText"/>
internal sealed record EditMessageReplyMarkup(long ChatId, long MessageId, InlineKeyboardMarkup? ReplyMarkup = null);

/// <param name="Text">What the person sees for a moment, up to 200 characters; null only stops the button's spinner.</param>
internal sealed record AnswerCallbackQuery(string CallbackQueryId, string? Text = null, bool? ShowAlert = null);

/// <param name="Offset">Confirms every update below it; null asks for the oldest unconfirmed.</param>
/// <param name="Timeout">Seconds Telegram may hold the call open, 0–50.</param>
/// <param name="Limit">1–100; null is 100.</param>
/// <param name="AllowedUpdates">Null keeps what was set before, for whichever program set it: name them.</param>
internal sealed record GetUpdates(long? Offset, int Timeout, int? Limit = null, string[]? AllowedUpdates = null);

internal sealed record SetWebhook(
    string Url, string? SecretToken = null, string[]? AllowedUpdates = null, int? MaxConnections = null, bool? DropPendingUpdates = null)
{
    /// <summary>Without the secret, so that the record can be logged.</summary>
    public override string ToString() => $"SetWebhook {{ Url = {Url} }}";
}

internal sealed record DeleteWebhook(bool? DropPendingUpdates = null);

/// <summary>For methods without parameters: still a body, as a request without one would be repeated silently (Http/README.md).</summary>
internal sealed record NoParameters
{
    public static NoParameters Instance { get; } = new();
}

/// <param name="InlineKeyboard">Rows of buttons.</param>
internal sealed record InlineKeyboardMarkup(InlineKeyboardButton[][] InlineKeyboard);

/// <param name="CallbackData">1–64 bytes of UTF-8.</param>
internal sealed record InlineKeyboardButton(string Text, string CallbackData);
