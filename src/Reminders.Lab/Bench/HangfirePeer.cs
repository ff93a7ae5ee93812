using System.Diagnostics;
using Hangfire;
using Hangfire.PostgreSql;

namespace Reminders.Lab.Bench;

/// <summary>Hangfire on its PostgreSQL storage: a job for each message, a worker for each that may be under way.</summary>
internal sealed class HangfirePeer : IPeer
{
    public const string Name = "hangfire";

    private static PeerMessage? _message;

    string IPeer.Name => Name;

    public int Most => 4000;

    public Task FillAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        var client = new BackgroundJobClient(Storage(connectionString));
        return Parallel.ForAsync(
            1,
            count + 1,
            cancellationToken,
            (number, _) =>
            {
                client.Enqueue(() => SendAsync(number));
                return ValueTask.CompletedTask;
            }
        );
    }

    public ProcessStartInfo Worker(string connectionString, Uri sendMessage, int inFlight) =>
        PeerWorkers.Start(this, connectionString, sendMessage, inFlight);

    public static async Task WorkAsync(string connectionString, Uri sendMessage, int inFlight, CancellationToken cancellationToken)
    {
        using var message = _message = new(sendMessage);
        using var server = new BackgroundJobServer(
            // A worker is a thread of its own.
            new() { WorkerCount = Math.Min(inFlight, 64) },
            Storage(connectionString)
        );
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>The job. Public and found by its name, as Hangfire wants it.</summary>
    public static Task SendAsync(int number) => _message!.SendAsync(number, CancellationToken.None);

    private static PostgreSqlStorage Storage(string connectionString) =>
        new(
            new Hangfire.PostgreSql.Factories.NpgsqlConnectionFactory(connectionString, new()),
            new() { QueuePollInterval = TimeSpan.FromMilliseconds(200), EnableTransactionScopeEnlistment = false }
        );
}
