namespace Reminders.Lab.WhatsApp;

/// <summary>How strict and how unpleasant the stand-in is. The defaults are as strict as the real one, and as unpleasant.</summary>
public sealed class WhatsAppSimulatorOptions
{
    /// <summary>The loopback port. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The id of the business's phone number. Default <c>1555000</c>.</summary>
    public string PhoneNumberId { get; init; } = "1555000";

    /// <summary>What a caller has to show. Default <c>SANDBOX-TOKEN</c>.</summary>
    public string AccessToken { get; init; } = "SANDBOX-TOKEN";

    /// <summary>Signs what is posted to the webhook. Default <c>sandbox-app-secret</c>.</summary>
    public string AppSecret { get; init; } = "sandbox-app-secret";

    /// <summary>What is shown when a webhook is verified. Default <c>sandbox-verify-token</c>.</summary>
    public string VerifyToken { get; init; } = "sandbox-verify-token";

    /// <summary>False refuses nothing for its rate (injected faults still work). Default true.</summary>
    public bool EnforceLimits { get; init; } = true;

    /// <summary>Messages of the number per second, before 130429. Default 80.</summary>
    public double PerSecond { get; init; } = 80;

    /// <summary>The least time between two messages to one person, before 131056. Default 6 s.</summary>
    public TimeSpan PairInterval { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>False lets free text through to people who have not written within 24 hours. Default true: 131047.</summary>
    public bool EnforceWindow { get; init; } = true;

    /// <summary>What is told of each message, in this order where <see cref="InOrder"/>. Default sent, delivered.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = ["sent", "delivered"];

    /// <summary>
    /// True waits until each status is acknowledged before it tells the next. Default false: all are posted nearly at once,
    /// the last first.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>How long after the acceptance a status is told. Default 0: perhaps before the reply arrives.</summary>
    public TimeSpan StatusDelay { get; init; }

    /// <summary>How often each webhook is posted, nearly at once. Default 2, as the real one does.</summary>
    public int Deliveries { get; init; } = 2;

    /// <summary>How long a webhook may take to answer. Default 20 s.</summary>
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Seeds the faults. Default 0: as if 1.</summary>
    public int Seed { get; init; }

    /// <summary>False writes one line per call to standard error. Default true.</summary>
    public bool QuietLog { get; init; } = true;
}
