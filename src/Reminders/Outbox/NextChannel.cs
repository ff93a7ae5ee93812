using Reminders.Kinds;

namespace Reminders.Outbox;

/// <summary>
/// Who cannot be reached over one channel is written to over the next of the kind (rule 10). Once: that message has an
/// identity of its own, and the order of channels never leads back.
/// </summary>
internal static class NextChannel
{
    /// <summary>The kinds that have a next channel, and beside each its channels as <c>k.channels</c> spells them.</summary>
    public static ChannelOrders Orders(KindCatalog kinds)
    {
        var several = kinds.Kinds.Values.Where(kind => kind.Channels.Count > 1).ToArray();
        return new([.. several.Select(kind => kind.Name)], [.. several.Select(kind => string.Join(',', kind.Channels))]);
    }
}

/// <summary>See <see cref="NextChannel.Orders"/>: of two arrays, because that is how a statement takes them.</summary>
internal sealed record ChannelOrders(string[] Kinds, string[] Channels);
