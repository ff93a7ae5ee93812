namespace Reminders.Channels;

/// <summary>
/// The channels that the engine itself has to know by name; each is also what a provider is called, of whose sort there may be more
/// channels. Whatever else it asks of a channel, its traits say.
/// </summary>
internal static class ChannelNames
{
    /// <summary>Of the chat ids that bookings name people by; a kind that says nothing of channels goes there.</summary>
    public const string Chat = "telegram";

    /// <summary>Whose messages carry the link to the unsubscribe page.</summary>
    public const string Mail = "email";

    /// <summary>The app itself, which reaches everybody.</summary>
    public const string Inbox = "inbox";
}
