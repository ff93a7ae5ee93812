namespace Reminders.Telegram;

/// <summary>One bot: its channel, its settings and the way to it. An installation may have several, each by a name of its own.</summary>
/// <param name="section">Where its settings stand.</param>
internal sealed class TelegramBot(string channel, string section, TelegramOptions options) : IDisposable
{
    private readonly Lazy<TelegramClient> _client = new(() => new TelegramClient(options));

    /// <summary>What kinds, addresses, leases, updates and the outbox name it by.</summary>
    public string Channel => channel;

    public TelegramOptions Options => options;

    public TelegramClient Client => _client.Value;

    /// <summary>One of its settings, by its full name.</summary>
    public string Setting(string name) => $"{section}:{name}";

    /// <summary>What operators read of it, of which there is one line for each.</summary>
    public string Says(string what) => channel == TelegramChannel.Name ? what : $"{what} ({channel})";

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }
}
