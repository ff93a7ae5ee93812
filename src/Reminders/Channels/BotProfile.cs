namespace Reminders.Channels;

/// <summary>The bot's public name, once it is known; a booking's answer turns it into a link.</summary>
internal sealed class BotProfile
{
    private volatile string? username;

    public void Learn(string name) => username = name;

    public string? StartLink(string code) => username is { } name ? $"https://t.me/{name}?start={code}" : null;
}
