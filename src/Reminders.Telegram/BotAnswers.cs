using Telegram.Bot.Types.Enums;

namespace Reminders.Telegram;

// Of Telegram's answers only what the engine reads. What is required makes an empty answer unreadable, and not message 0.

internal sealed record SentMessage
{
    public required long MessageId { get; init; }
}

internal sealed record BotUser
{
    public required long Id { get; init; }

    public string? Username { get; init; }
}

internal sealed record WebhookInfo
{
    /// <summary>Empty when no webhook is set.</summary>
    public required string Url { get; init; }

    public int PendingUpdateCount { get; init; }

    /// <summary>Unix seconds of the last failed delivery to the webhook.</summary>
    public long? LastErrorDate { get; init; }

    public string? LastErrorMessage { get; init; }

    public int? MaxConnections { get; init; }

    /// <summary>A kind that the library does not know is <see cref="UpdateType.Unknown"/>.</summary>
    public UpdateType[]? AllowedUpdates { get; init; }
}
