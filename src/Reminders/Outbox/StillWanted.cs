using Reminders.Ledger;

namespace Reminders.Outbox;

/// <summary>
/// Why a message may not go, by the rows as they are now: the one way to ask, for the last look before its first byte, for an
/// operator who wants it sent once more, and for whoever asks what keeps it. Fragments of a statement that names the message
/// <c>a</c>, its occurrence <c>o</c> and its subject <c>s</c>.
/// </summary>
internal static class StillWanted
{
    /// <summary>After the subject: the address <c>ad</c>, and what is left of a digest.</summary>
    public const string Joins = $$"""
        LEFT JOIN reminders.address ad ON ad.recipient_id = a.recipient_id AND ad.channel = a.channel
        LEFT JOIN reminders.opt_out gone ON gone.key = ad.key
        -- A digest says what of it is still wanted.
        LEFT JOIN LATERAL (
            SELECT jsonb_agg(ds.data || coalesce({{SharedData.OfD}}, '{}') ORDER BY d.due_at, d.id) AS data
            FROM reminders.occurrence d JOIN reminders.subject ds ON ds.id = d.subject_id
            WHERE o.digest_of IS NOT NULL AND d.digest_of = o.id AND d.state = 'fired' AND reminders.unwanted(d, ds) IS NULL) digest ON true
        """;

    /// <summary><c>unwanted</c>, <c>opted_out</c>, <c>unreachable</c>: a reason, or null; <c>past_use</c>. The first that holds decides.</summary>
    public const string Columns = """
        CASE WHEN a.operation <> 'send' THEN NULL
             WHEN o.digest_of IS NULL THEN reminders.unwanted(o, s)
             WHEN digest.data IS NULL THEN 'nothing in it is wanted any more' END AS unwanted,
        CASE WHEN a.operation <> 'send' THEN NULL
             WHEN ad.state = 'opted_out' OR gone.key IS NOT NULL THEN 'the recipient opted out'
             WHEN NOT reminders.wants(a.recipient_id, a.kind, a.channel) THEN 'the recipient does not want it' END AS opted_out,
        CASE WHEN ad.address IS NULL THEN 'no address on the channel'
             WHEN ad.state <> 'reachable' THEN 'recipient is unreachable: ' || coalesce(ad.reason, '') END AS unreachable,
        a.useful_until <= clock_timestamp() AS past_use
        """;
}
