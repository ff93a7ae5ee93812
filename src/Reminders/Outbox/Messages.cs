using Reminders.Channels;

namespace Reminders.Outbox;

/// <summary>A message this node has claimed: the token proves it.</summary>
/// <param name="Epoch">When it did. After a fail-over that lost commits both numbers may be another message's.</param>
internal readonly record struct Claim(long Id, long Token, int Epoch = 0);

/// <summary>A message that may leave the node now, with everything its text needs, as it is at this moment.</summary>
/// <param name="OccurrenceData">What it was asked for with; of a digest, a list of what its parts were.</param>
/// <param name="StartIn">How long the channel's limit has it wait on the node; infinite when the channel has none.</param>
/// <param name="ThrottledAlone">It met a 429 before, and since then others of the channel were sent.</param>
/// <param name="Probe">The channel is in trouble, and this is the one message that goes: the cluster waits for its outcome.</param>
/// <param name="ThrottledBefore">It met a 429 before.</param>
internal sealed record StartedMessage(
    Claim Claim,
    string Kind,
    DeliveryOperation Operation,
    string Address,
    Guid PressToken,
    int Attempts,
    string Status,
    Standing Standing,
    DateTimeOffset? HappensAt,
    string SubjectData,
    string? OccurrenceData,
    string RecipientName,
    string Locale,
    string Zone,
    string? TargetProviderId,
    DateTimeOffset StartedAt,
    bool ThrottledAlone,
    TimeSpan StartIn,
    string UnsubscribeCode,
    string StableId,
    bool Probe = false,
    bool ThrottledBefore = false
)
{
    /// <summary>Signs the link to the page with its buttons; null when every key is retired.</summary>
    public byte[]? LinkSecret { get; init; }

    /// <summary>The token in its own row: an edit shows that of the message it changes.</summary>
    public Guid RowToken { get; init; } = PressToken;

    /// <summary>The resend number.</summary>
    public int Number { get; init; }

    /// <summary>Of a digest, the <see cref="StableId"/> of each part.</summary>
    public string[] Parts { get; init; } = [];

    public bool Paced => StartIn != Timeout.InfiniteTimeSpan;
}

/// <summary>How what a message says stands to its subject as it is now.</summary>
internal enum Standing
{
    /// <summary>It is so.</summary>
    Current,

    /// <summary>The subject has moved on.</summary>
    Replaced,

    /// <summary>The recipient has no part in the subject any more.</summary>
    Gone,
}

/// <summary>What becomes of a message after an attempt.</summary>
/// <param name="Spent">1 when the attempt counts against the kind's limit, else 0.</param>
/// <param name="Resend">With <see cref="MessageState.Dead"/> by policy: also write the next number of it.</param>
/// <param name="Late">It left later than the limit had it: the recipient's next message waits that much longer.</param>
/// <param name="Unanswered">The provider did not answer, or not so that anybody could read it: too many in a row, and the channel
/// rests.</param>
internal sealed record Settlement(
    StartedMessage Message,
    MessageState State,
    string Outcome,
    string? Detail,
    string? ProviderMessageId = null,
    TimeSpan Delay = default,
    int Spent = 0,
    bool Resend = false,
    ChannelTrouble? ChannelTrouble = null,
    RecipientTrouble? RecipientTrouble = null,
    bool Unanswered = false,
    bool Late = false
)
{
    /// <summary>Fit to be kept, whoever wrote it: an exception's message quotes what it choked on.</summary>
    public string? Detail
    {
        get;
        init => field = Fit(value);
    } = Fit(Detail);

    private static string? Fit(string? detail) => detail is null ? null : OutsideText.Clean(detail);
}

/// <summary>The channel has to wait: after a 429, or because it is broken.</summary>
internal readonly record struct ChannelTrouble(TimeSpan Pause, string Reason, ChannelTroubleKind Kind);

internal enum ChannelTroubleKind
{
    /// <summary>Nothing is delivered over it, whoever asks.</summary>
    Broken,

    /// <summary>A 429 for all of it.</summary>
    Limited,

    /// <summary>A 429 that names nobody: one probe to another recipient says whose limit it was.</summary>
    Asked,

    /// <summary>The probe met a 429 as well: it is the channel's, if the probe went to somebody who had not been asked to wait.</summary>
    AskedAgain,
}

/// <summary>The recipient has to rest, or cannot be reached at all.</summary>
internal readonly record struct RecipientTrouble(TimeSpan? Pause, bool Unreachable, string Reason, string? MigratedTo = null);

/// <summary>What <see cref="OutboxStore.SettleAndStartAsync"/> did.</summary>
/// <param name="Started">May leave the node now.</param>
/// <param name="Waiting">Still claimed; the channel's limit has no room for them yet.</param>
/// <param name="Wait">How long until it has.</param>
/// <param name="Events">Whether events were written that have to be planned.</param>
/// <param name="Rests">Whether the channel rests from now on: too many in a row were not answered.</param>
/// <param name="Now">The database's time as it answered, where it started something that was claimed.</param>
/// <param name="Taken">What became of a take; null where none was asked for, or it was refused.</param>
internal sealed record SettledAndStarted(
    IReadOnlyList<StartedMessage> Started,
    IReadOnlyList<Claim> Waiting,
    TimeSpan Wait,
    bool Events,
    bool Rests = false,
    Taken? Taken = null,
    DateTimeOffset? Now = null
);
