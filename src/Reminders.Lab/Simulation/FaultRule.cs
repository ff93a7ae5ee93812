namespace Reminders.Lab.Simulation;

/// <summary>What goes wrong. "After accepting" means that the call took effect: a message has arrived.</summary>
public enum FaultKind
{
    /// <summary>The call takes effect at once and its reply waits for <see cref="FaultRule.Delay"/>; a doubt only if the client hangs up
    /// first.</summary>
    Delay = 0,

    /// <summary>After accepting, the connection is cut without a byte of reply. A doubt.</summary>
    DropReply = 1,

    /// <summary>The connection is cut and nothing has happened. To the client the same as <see cref="DropReply"/>: a doubt.</summary>
    CutBefore = 2,

    /// <summary>After accepting, a gateway answers 502 with an HTML page. A doubt.</summary>
    BadGatewayAfter = 3,

    /// <summary>A gateway answers 502 with an HTML page and nothing has happened. A doubt.</summary>
    BadGatewayBefore = 4,

    /// <summary>After accepting, 200 with an HTML page instead of JSON. A doubt.</summary>
    HtmlAfter = 5,

    /// <summary>After accepting, no answer until the client hangs up. A doubt.</summary>
    NeverAnswer = 6,

    /// <summary>
    /// 429 with <see cref="FaultRule.RetryAfter"/>; nothing has happened, and the client knows it. With a chat it is that chat's
    /// own, with <see cref="FaultRule.PausesBot"/> the bot's.
    /// </summary>
    TooManyRequests = 7,

    /// <summary>An update is queued twice, under two update_ids (tdlib/telegram-bot-api#699). Only for the method <c>update</c>.</summary>
    RepeatUpdate = 8,
}

/// <summary>
/// One rule of a <see cref="FaultPlan"/>: which calls, what happens, how often. A call is spoilt by the first rule that
/// takes it; delays of all matching rules before that one add up.
/// </summary>
public sealed record FaultRule(FaultKind Kind)
{
    /// <summary>The provider's method, any case; <c>*</c> for all. Default empty: the one that sends; a
    /// <see cref="FaultKind.RepeatUpdate"/> rule is about updates whatever it says.</summary>
    public string Method { get; init; } = "";

    /// <summary>Only calls for this chat, or to this number. Default null: all.</summary>
    public long? ChatId { get; init; }

    /// <summary>Share of the matching calls, 0 to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only so many calls, then the rule is spent. Default null: no end.</summary>
    public int? Next { get; init; }

    /// <summary>Only for so long from when the rule was added: an outage that ends by itself. Default null: no end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>For <see cref="FaultKind.Delay"/>. Default 1 s.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For <see cref="FaultKind.TooManyRequests"/>: whole seconds, at least 1. Default 1.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.TooManyRequests"/>: also refuse every sendMessage of the bot until the wait is over. Default
    /// false.</summary>
    public bool PausesBot { get; init; }
}
