namespace Reminders.Channels;

/// <summary>What a provider delivered, as it came: it is stored before anybody acts on it.</summary>
/// <param name="ProviderId">The provider's own name for it: what comes again under it is the same.</param>
/// <param name="Sender">Whose turn-taking it belongs to: what one person does is handled in the order it came.</param>
internal sealed record InboundUpdate(string ProviderId, string Sender, string Json);
