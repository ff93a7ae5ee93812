using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reminders.Storage;

/// <summary>
/// Hears NOTIFY from the other nodes and from operators, on a connection of its own. Only a wake-up: while it is
/// disconnected every loop goes on by polling.
/// </summary>
internal sealed partial class Listener(Database dataSource, Signals signals, TimeProvider time, ILogger<Listener> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await dataSource.OpenDirectAsync(stoppingToken);
                connection.Notification += (_, notification) => signals.Received(dataSource.Names.Heard(notification.Channel), notification.Payload);
                await using (var listen = dataSource.CreateCommand(
                    string.Join(' ', Signals.Channels.Select(channel => $"LISTEN {dataSource.Names.Channel(channel)};")), connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                signals.Listening = true;
                // What was notified while nobody listened.
                signals.OutboxWritten();
                signals.Inbound.Set();
                signals.Due.Set();
                signals.Inbox.WrittenForAnyone();
                while (true)
                    await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                LogDisconnected(exception.Message);
                signals.Listening = false;
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1003, LogLevel.Warning, "Listening for wake-ups was interrupted ({Reason}); polling goes on")]
    private partial void LogDisconnected(string reason);
}
