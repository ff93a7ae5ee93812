namespace Reminders.Channels;

/// <summary>What a provider delivered, as it came: it is stored before anybody acts on it.</summary>
/// <param name="ProviderId">The provider's own name for it.</param>
/// <param name="Sender">Whose turn-taking it belongs to: what one person does is handled in the order it came.</param>
/// <param name="ContentId">
/// What it carries, by that thing's own id, where the provider gives its name for the update a second time: Telegram begins its
/// update_ids anew after a week of silence. What comes again under both is the same. Empty where the name alone is enough.
/// </param>
internal sealed record InboundUpdate(string ProviderId, string Sender, string Json, string ContentId = "")
{
    private const int Longest = 200;

    /// <summary>Indexed, as is <see cref="ContentId"/>: of any length and letters it would keep the whole batch out.</summary>
    public string Sender { get; } = OutsideText.Key(Sender, Longest);

    /// <summary>See the parameter.</summary>
    public string ContentId { get; } = OutsideText.Key(ContentId, Longest);
}
