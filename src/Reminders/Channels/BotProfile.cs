using System.Collections.Concurrent;

namespace Reminders.Channels;

/// <summary>The bots' public names, once they are known; a booking's answer turns one into a link.</summary>
internal sealed class BotProfile
{
    private readonly ConcurrentDictionary<string, string> _usernames = new(StringComparer.Ordinal);

    public void Learn(string name, string channel = ChannelNames.Chat) => _usernames[channel] = name;

    /// <summary>Opens the channel's bot, and binds the chat to whom the code belongs. Null while its name is not known.</summary>
    public string? StartLink(string code, string channel = ChannelNames.Chat) =>
        _usernames.TryGetValue(channel, out var name) ? $"https://t.me/{name}?start={code}" : null;
}
