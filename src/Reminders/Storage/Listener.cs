using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// Hears NOTIFY from the other nodes and from operators, on a connection of its own. Only a wake-up: while it is
/// disconnected every loop goes on by polling.
/// </summary>
internal sealed class Listener(NpgsqlDataSource dataSource, Signals signals, Outages outages, TimeProvider time) : BackgroundService
{
    private const string What = "Listening for wake-ups";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) => signals.Received(notification.Channel, notification.Payload);
                await using (var listen = new NpgsqlCommand(
                    $"LISTEN {Signals.OutboxChannel}; LISTEN {Signals.InboundChannel}; LISTEN {Signals.DueChannel}; LISTEN {Signals.InboxChannel}",
                    connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                signals.Listening = true;
                outages.Works(What);
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
                outages.Failed(What, exception);
                signals.Listening = false;
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
