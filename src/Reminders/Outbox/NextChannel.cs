using Reminders.Kinds;

namespace Reminders.Outbox;

/// <summary>
/// Who cannot be reached over one channel is written to over the next of the kind (rule 10). Once: that message has an
/// identity of its own, and the order of channels never leads back.
/// </summary>
internal static class NextChannel
{
    /// <summary>Writes it for each message <c>m</c> of a FROM that follows and names <c>next</c> as well.</summary>
    public const string Message = """
        INSERT INTO reminders.outbox (occurrence_id, kind, recipient_id, channel, operation, state, due_at, useful_until)
        SELECT m.occurrence_id, m.kind, m.recipient_id, next.channel, 'send', 'pending', now(), m.useful_until
        """;

    /// <summary>Joins the channel that is next for <c>m</c>, of those that reach the recipient, in the order of <c>k.channels</c>.</summary>
    public const string Choice = """
        CROSS JOIN LATERAL (
            SELECT a.channel FROM reminders.address a
            WHERE a.recipient_id = m.recipient_id AND a.state = 'reachable' AND reminders.wants(m.recipient_id, m.kind, a.channel)
              AND NOT EXISTS (SELECT FROM reminders.opt_out gone WHERE gone.key = a.key)
              AND array_position(string_to_array(k.channels, ','), a.channel) > array_position(string_to_array(k.channels, ','), m.channel)
            ORDER BY array_position(string_to_array(k.channels, ','), a.channel) LIMIT 1) next
        """;

    /// <summary>The kinds that have a next channel, and beside each its channels as <c>k.channels</c> spells them.</summary>
    public static ChannelOrders Orders(KindCatalog kinds)
    {
        var several = kinds.Kinds.Values.Where(kind => kind.Channels.Count > 1).ToArray();
        return new([.. several.Select(kind => kind.Name)], [.. several.Select(kind => string.Join(',', kind.Channels))]);
    }
}

/// <summary>See <see cref="NextChannel.Orders"/>: of two arrays, because that is how a statement takes them.</summary>
internal sealed record ChannelOrders(string[] Kinds, string[] Channels);
