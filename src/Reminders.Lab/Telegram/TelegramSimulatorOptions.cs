namespace Reminders.Lab.Telegram;

/// <summary>How strict and how large the simulated Telegram is. The defaults are as strict as the real one.</summary>
public sealed class TelegramSimulatorOptions
{
    /// <summary>The loopback port. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The bot's token; the digits before the colon are its user id. Default <c>123456:SANDBOX</c>.</summary>
    public string Token { get; init; } = "123456:SANDBOX";

    /// <summary>False answers no 429 of its own (injected ones still work). Default true.</summary>
    public bool EnforceLimits { get; init; } = true;

    /// <summary>Messages per second to one chat. Default 1; 0 turns this limit off.</summary>
    public double PerChatPerSecond { get; init; } = 1;

    /// <summary>
    /// Messages one chat takes at once before <see cref="PerChatPerSecond"/> bites. Default 1, the documented figure;
    /// the real servers let a few more through, unpromised.
    /// </summary>
    public int PerChatBurst { get; init; } = 1;

    /// <summary>Messages of the whole bot in any one second. Default 30; 0 turns this limit off.</summary>
    public double PerBotPerSecond { get; init; } = 30;

    /// <summary>How long every send is refused once the bot's limit is passed. Whole seconds, at least 1; default 1 s.</summary>
    public TimeSpan BotFloodWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a press may be answered. Default 15 s.</summary>
    public TimeSpan CallbackAnswerWindow { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Creates a started chat for any positive chat id on its first message: for benchmarks. Default false.</summary>
    public bool AutoCreateChats { get; init; }

    /// <summary>Takes http:// webhooks, which the real one refuses. Default true: a loopback has no certificate.</summary>
    public bool AllowHttpWebhooks { get; init; } = true;

    /// <summary>How long a webhook may take to answer. Default 60 s.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Seeds the faults and the first update_id. Default 0: the faults as if 1, the first update_id random.</summary>
    public int Seed { get; init; }

    /// <summary>False writes one line per call to standard error. Default true.</summary>
    public bool QuietLog { get; init; } = true;
}
