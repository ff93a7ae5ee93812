using Reminders.Lab.Telegram;

namespace Reminders.Lab.Bench;

/// <summary>The cluster's own Telegram, or somebody else's Bot API, which cannot be asked what has arrived.</summary>
internal sealed class TelegramBurst(Uri? api) : IBurstReceiver
{
    private TelegramSimulator? _telegram;

    public IReadOnlyDictionary<string, string> Settings { get; } =
        api is null ? new Dictionary<string, string>() : new() { ["Telegram__ApiBaseUrl"] = api.ToString() };

    public Task ConnectAsync(BenchCluster cluster)
    {
        _telegram = api is null ? cluster.Telegram : null;
        return Task.CompletedTask;
    }

    public Task<Arrivals?> CountAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            _telegram is null ? null : Arrivals.Of([.. _telegram.Record.Messages.Select(message => (message.ChatId, message.Text))])
        );

    // The cluster ends its own.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
