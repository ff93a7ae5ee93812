namespace Reminders.Storage;

/// <summary>On whose behalf the current command runs: for the ledger, the audit and Idempotency-Key.</summary>
public sealed class Caller
{
    /// <summary>A name for the ledger: an API key's name, <c>cli</c>, or <c>engine</c>.</summary>
    public string Name { get; set; } = "engine";

    /// <summary>The request's Idempotency-Key, if it gave one.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>How long its statements may wait for a lock; null, for workers, as long as it takes.</summary>
    public TimeSpan? LockPatience { get; set; }

    /// <summary>What the key stands for: a hash of the request's method, path and body.</summary>
    public byte[] Fingerprint { get; set; } = [];
}
