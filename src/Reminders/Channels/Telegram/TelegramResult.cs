namespace Reminders.Channels.Telegram;

/// <summary>What became of one call of the Bot API. A call never throws for what the network or Telegram did.</summary>
internal abstract record TelegramResult<T>
{
    private TelegramResult() { }

    /// <summary>Telegram did it, and this is its result.</summary>
    public sealed record Ok(T Value) : TelegramResult<T>;

    /// <summary>Telegram refused it: definitely not done.</summary>
    /// <param name="Code">error_code, or the HTTP status where it is missing. Always 400–499.</param>
    /// <param name="RetryAfter">How long to wait after a 429; null where Telegram did not say.</param>
    /// <param name="MigrateToChatId">The supergroup that took the place of the group.</param>
    public sealed record Error(int Code, string Description, TimeSpan? RetryAfter, long? MigrateToChatId) : TelegramResult<T>;

    /// <summary>Definitely not done: it ended before the first byte was written.</summary>
    public sealed record NotSent(string Detail) : TelegramResult<T>;

    /// <summary>Nobody can know: a timeout or reset after bytes were written, a reply nobody can read, a 5xx.</summary>
    public sealed record Unknown(string Detail) : TelegramResult<T>;
}
