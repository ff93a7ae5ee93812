using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reminders.Channels.Telegram;

/// <summary>The envelope of every reply: <c>{"ok":true,"result":…}</c> or <c>{"ok":false,"error_code":…,"description":…}</c>.</summary>
internal sealed class TelegramReply<T>
{
    public bool? Ok { get; set; }

    public T? Result
    {
        get;
        set
        {
            field = value;
            HasResult = value is not null;
        }
    }

    /// <summary>False when the reply had no result: an absent boolean would otherwise read as false.</summary>
    [JsonIgnore]
    public bool HasResult { get; private set; }

    public int? ErrorCode { get; set; }

    public string? Description { get; set; }

    public TelegramReplyParameters? Parameters { get; set; }
}

internal sealed record TelegramReplyParameters(double? RetryAfter = null, long? MigrateToChatId = null);

/// <summary>The one field of a sent or edited message the engine keeps.</summary>
internal sealed record SentMessage(long MessageId);

internal sealed record BotUser(long Id, string? Username = null, string? FirstName = null);

/// <param name="Url">Empty when no webhook is set.</param>
/// <param name="LastErrorDate">Unix seconds of the last failed delivery to the webhook.</param>
internal sealed record WebhookInfo(
    string Url,
    int PendingUpdateCount = 0,
    long? LastErrorDate = null,
    string? LastErrorMessage = null,
    int? MaxConnections = null,
    string[]? AllowedUpdates = null);

// A constructor parameter without a default is required: a 200 without message_id is unreadable, not message 0.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SendMessage))]
[JsonSerializable(typeof(EditMessageText))]
[JsonSerializable(typeof(EditMessageReplyMarkup))]
[JsonSerializable(typeof(AnswerCallbackQuery))]
[JsonSerializable(typeof(GetUpdates))]
[JsonSerializable(typeof(SetWebhook))]
[JsonSerializable(typeof(DeleteWebhook))]
[JsonSerializable(typeof(NoParameters))]
[JsonSerializable(typeof(TelegramReply<SentMessage>))]
[JsonSerializable(typeof(TelegramReply<bool>))]
[JsonSerializable(typeof(TelegramReply<JsonElement[]>))]
[JsonSerializable(typeof(TelegramReply<WebhookInfo>))]
[JsonSerializable(typeof(TelegramReply<BotUser>))]
internal sealed partial class TelegramJson : JsonSerializerContext;
