namespace Reminders.Nodes;

/// <summary>How long what was done is kept. Section <c>Retention</c>. The ledger of occurrences itself is kept for ever.</summary>
public sealed class RetentionOptions
{
    /// <summary>Messages that ended, with their attempts, presses and audit. Default 90 days, at least 1.</summary>
    public TimeSpan Messages { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Updates from providers. Default 30 days; at least 7, since WhatsApp repeats for days.</summary>
    public TimeSpan Updates { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Idempotency keys. Default 7 days, at least 1.</summary>
    public TimeSpan IdempotencyKeys { get; set; } = TimeSpan.FromDays(7);

    internal IEnumerable<string> Problems()
    {
        if (Messages < TimeSpan.FromDays(1))
        {
            yield return $"Retention:Messages is {Messages}: it must be at least 1 day.";
        }

        if (Updates < TimeSpan.FromDays(7))
        {
            yield return $"Retention:Updates is {Updates}: it must be at least 7 days.";
        }

        if (IdempotencyKeys < TimeSpan.FromDays(1))
        {
            yield return $"Retention:IdempotencyKeys is {IdempotencyKeys}: it must be at least 1 day.";
        }
    }
}
