namespace Reminders.Channels;

/// <summary>The bot's public name, once it is known; a booking's answer turns it into a link.</summary>
internal sealed class BotProfile
{
    private volatile string? _username;

    public void Learn(string name) => _username = name;

    public string? StartLink(string code) => _username is { } name ? $"https://t.me/{name}?start={code}" : null;
}
