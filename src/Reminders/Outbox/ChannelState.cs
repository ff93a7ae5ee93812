namespace Reminders.Outbox;

/// <summary>
/// How a row <c>c</c> of <c>reminders.channel</c> stands, in SQL; every statement that claims, starts or shows asks it this way.
/// <code>
///           a 429 that names nobody            the probe is delivered
///   open ─────────────────────────────► asked ─────────────────────────► open
///                                         │ 429 to another as well
///                                         ▼
///                                       waits, at most an hour; then asked again
///           a run of doubts                    a call that sends nothing is answered     the probe is delivered
///   open ───────────────────► rests ────────────────────────────────────► answered ─────────────────────────► open
///           401, 190, 368                      the probe is delivered
///   open ───────────────────► broken ──────────────────────────────────► open
///           by hand                            by hand
///   open ───────────────────► stopped ─────────────────────────────────► as it was
/// </code>
/// Asked, answered and broken are <em>on trial</em>: one message at a time over the cluster, which is the probe.
/// </summary>
internal static class ChannelState
{
    /// <summary>Only one message at a time: what becomes of it says whether the others may go. Null without a row.</summary>
    public const string OnTrial = """
        (c.broken_since IS NOT NULL OR c.rests_since IS NOT NULL OR c.throttled_at IS NOT NULL AND NOT c.sent_since)
        """;

    /// <summary>Nothing starts: paused, stopped, resting and not heard from since, or behind a probe that is under way. Null without a row.</summary>
    public const string Shut = $"""
        (c.paused_until > clock_timestamp() OR {Kept} OR {OnTrial} AND c.probe_until > clock_timestamp())
        """;

    /// <summary>Until somebody or something lets it go on, and not by time alone.</summary>
    public const string Kept = """
        (c.stopped_since IS NOT NULL OR c.rests_since IS NOT NULL AND c.answered_at IS NULL)
        """;
}
