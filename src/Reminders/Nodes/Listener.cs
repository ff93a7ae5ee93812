using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Nodes;

/// <summary>
/// Hears NOTIFY from the other nodes and from operators, on a connection of its own. Only a wake-up: while it is
/// disconnected every loop goes on by polling. That it hears is proven by a round trip, because a connection may be open,
/// answer, and pass nothing on (a pooler that lends its servers by the transaction): it writes to itself, as others would,
/// and what does not come back within its time makes it deaf, and connect again.
/// </summary>
internal sealed class Listener(Database dataSource, Signals signals, LoopWatch loops, Outages outages, TimeProvider time)
    : BackgroundService
{
    private const string What = "Listening for wake-ups";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // Nobody else's: each node hears only itself on it.
    private readonly string _echo = $"reminders_echo_{Guid.NewGuid():N}";
    private string? _heard;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = loops.Add("listen", TimeSpan.FromSeconds(30));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(pulse, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
            }
            signals.Listening = false;
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when nothing comes through any more.</summary>
    private async Task ListenAsync(LoopWatch.Pulse pulse, CancellationToken stoppingToken)
    {
        await using var connection = await dataSource.OpenDirectAsync(stoppingToken);
        try
        {
            connection.Notification += Received;
            await using (
                var listen = dataSource.CreateCommand(
                    string.Join(
                        ' ',
                        Signals.Channels.Select(dataSource.Names.Channel).Append(_echo).Select(channel => $"LISTEN {channel};")
                    ),
                    connection
                )
            )
            {
                await listen.ExecuteNonQueryAsync(stoppingToken);
            }

            while (await EchoesAsync(connection, stoppingToken))
            {
                pulse.Beat();
                outages.Works(What);
                if (!signals.Listening)
                {
                    signals.Listening = true;
                    signals.HeardAgain();
                }
                await HearAsync(connection, Every, () => false, stoppingToken);
            }
            // The loop does its work, which is to find out; that it hears nothing is said by Listening.
            pulse.Beat();
            outages.Failed(What, $"its own call did not come back within {Patience}; polling goes on, and it connects again");
        }
        finally
        {
            // It goes back to the pool, and would go on hearing there.
            connection.Notification -= Received;
            if (!stoppingToken.IsCancellationRequested && connection.State == System.Data.ConnectionState.Open)
            {
                await using var quiet = dataSource.CreateCommand("UNLISTEN *", connection);
                await quiet.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private void Received(object sender, NpgsqlNotificationEventArgs notification)
    {
        if (notification.Channel == _echo)
        {
            _heard = notification.Payload;
        }
        else
        {
            signals.Received(dataSource.Names.Heard(notification.Channel), notification.Payload);
        }
    }

    private async Task<bool> EchoesAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        var nonce = Guid.NewGuid().ToString("N");
        // Over the pool, as whoever wakes others does.
        await using (var call = dataSource.CreateCommand("SELECT pg_notify($1, $2)").With(_echo, nonce))
        {
            await call.ExecuteNonQueryAsync(stoppingToken);
        }

        return await HearAsync(connection, Patience, () => _heard == nonce, stoppingToken);
    }

    private async Task<bool> HearAsync(NpgsqlConnection connection, TimeSpan atMost, Func<bool> enough, CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        while (!enough())
        {
            var left = atMost - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }
            // Whole milliseconds, and zero would be for ever.
            await connection.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), stoppingToken);
        }
        return true;
    }
}
