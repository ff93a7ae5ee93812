namespace Reminders.Telegram;

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
    public sealed record NotSent(string Detail, string? Reason = null) : TelegramResult<T>;

    /// <summary>Nobody can know: a timeout or reset after bytes were written, a reply nobody can read, a 5xx.</summary>
    public sealed record Unknown(string Detail, string? Reason = null) : TelegramResult<T>;

    /// <summary>The same failure of a call that would have had another result.</summary>
    public TelegramResult<TOther> As<TOther>() =>
        this switch
        {
            Error(var code, var description, var wait, var chat) => new TelegramResult<TOther>.Error(code, description, wait, chat),
            NotSent(var detail, var reason) => new TelegramResult<TOther>.NotSent(detail, reason),
            Unknown(var detail, var reason) => new TelegramResult<TOther>.Unknown(detail, reason),
            _ => throw new InvalidOperationException($"No failure: {GetType().Name}."),
        };
}
