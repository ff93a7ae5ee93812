namespace Reminders.Commands;

/// <summary>
/// On whose behalf the current command runs: for the ledger, the audit and Idempotency-Key, and for what it may touch. The
/// engine's own loops, the command line and an embedding program may do all; an API key says what it may.
/// </summary>
public sealed class Caller
{
    /// <summary>A name for the ledger: an API key's name, <c>cli</c>, or <c>engine</c>.</summary>
    public string Name { get; set; } = "engine";

    /// <summary>
    /// Whose objects it makes, and whose it finds by name. Empty (the default): the installation's own.
    /// </summary>
    public string Owner { get; set; } = "";

    /// <summary>
    /// Whether it also finds what belongs to others. Whoever does not hears of another's object what they would hear of none.
    /// Default true, which is for code inside this process.
    /// </summary>
    public bool SeesAll { get; set; } = true;

    /// <summary>
    /// The ledger's number of the recruiter that the caller is: of bookings, it finds that person's own. Null (the default): whoever's.
    /// </summary>
    public long? Recruiter { get; set; }

    /// <summary>
    /// Which revision of a booking the caller has seen: a command on another one does nothing (<see cref="ChangedMeanwhileException"/>).
    /// Null (the default): as it is then.
    /// </summary>
    public int? SeenRevision { get; set; }

    /// <summary>Whether it may decide about held and dead messages. Default true, which is for code inside this process.</summary>
    public bool Operates { get; set; } = true;

    /// <summary>Whether it may change accounts and keys. Default true, which is for code inside this process.</summary>
    public bool Administers { get; set; } = true;

    /// <summary>The request's Idempotency-Key, if it gave one.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>How long its statements may wait for a lock; null, for workers, as long as it takes.</summary>
    public TimeSpan? LockPatience { get; set; }

    /// <summary>What the key stands for: a hash of the request's method, path and body.</summary>
    public byte[] Fingerprint { get; set; } = [];
}
