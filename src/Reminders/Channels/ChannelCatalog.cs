namespace Reminders.Channels;

/// <summary>Every channel that kinds and addresses may name, whether or not this installation can send there.</summary>
internal sealed class ChannelCatalog(params IReadOnlyList<ChannelTraits> all)
{
    private readonly Dictionary<string, ChannelTraits> _byName = all.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>In the order they were added.</summary>
    public IReadOnlyList<ChannelTraits> All { get; } = all;

    /// <summary>Those whose messages follow their subject by edits.</summary>
    public string[] Editable { get; } = [.. all.Where(channel => channel.CanEdit).Select(channel => channel.Name)];

    /// <summary>Those that send by this sort of provider.</summary>
    public IEnumerable<ChannelTraits> By(string provider) => All.Where(channel => channel.Provider == provider);

    public ChannelTraits? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What is not known of a channel (that settings name, or rows of a former one) is the default.</summary>
    public ChannelTraits Of(string name) => Find(name) ?? new ChannelTraits(name);
}
