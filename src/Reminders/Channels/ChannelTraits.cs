namespace Reminders.Channels;

/// <summary>What tells a channel from the others. The engine asks this, and never for a channel's name.</summary>
/// <param name="Name">As kinds, addresses and outbox rows carry it: lower case letters, digits, - and _.</param>
public sealed record ChannelTraits(string Name)
{
    /// <summary>
    /// By whom it sends, where several channels send by one sort of provider: two bots are two channels of <c>telegram</c>. Default: its
    /// own name.
    /// </summary>
    public string Provider
    {
        get => field ?? Name;
        init;
    }

    /// <summary>
    /// Whether a message that was delivered can be changed, and so follows its subject by edits. Default false: it stays as it
    /// was, and a moved slot has its new message.
    /// </summary>
    public bool CanEdit { get; init; }

    /// <summary>Whether a message has a subject line, which the texts of a kind that goes there then must have. Default false.</summary>
    public bool HasSubject { get; init; }

    /// <summary>How long a text may be. Default: of any length.</summary>
    public TextCapacity Capacity { get; init; } = TextCapacity.Unlimited;

    /// <summary>
    /// What of a button's label is shown, where the channel shortens it and refuses a message with the same twice. Default null: all
    /// of it.
    /// </summary>
    public Func<string, string>? ShownLabel { get; init; }

    /// <summary>How many buttons a message may have. Default null: any number.</summary>
    public int? MostButtons { get; init; }

    /// <summary>How many characters (UTF-16 units) of a button's label are shown. Default null: all of them.</summary>
    public int? LongestLabel { get; init; }

    /// <summary>What its addresses look like. Default: one line.</summary>
    public AddressForm Address { get; init; } = AddressForm.Line;

    /// <summary>What the provider allows, unless <c>Outbox:Limits</c> says otherwise. Default: no limit.</summary>
    public ChannelLimits Limits { get; init; } = ChannelLimits.None;

    /// <summary>What becomes of a message nobody can know about, unless the kind says otherwise. Default
    /// <see cref="UncertainPolicy.Hold"/>.</summary>
    public UncertainPolicy Uncertain { get; init; }
}
