using System.Diagnostics;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>What an <see cref="IPeer"/> is measured on: a PostgreSQL and a simulator as for the engine.</summary>
internal sealed class PeerCluster : IAsyncDisposable
{
    private readonly IPeer _peer;
    private readonly LocalPostgres _postgres;
    private readonly string _connectionString;

    private PeerCluster(IPeer peer, LocalPostgres postgres, TelegramSimulator telegram, string connectionString) =>
        (_peer, _postgres, Telegram, _connectionString) = (peer, postgres, telegram, connectionString);

    public TelegramSimulator Telegram { get; }

    /// <summary>Where that PostgreSQL keeps its data.</summary>
    public string PostgresFolder => _postgres.Folder;

    /// <param name="count">How many messages wait in the queue.</param>
    /// <param name="tuned">Not with PostgreSQL's default settings.</param>
    public static async Task<PeerCluster> StartAsync(IPeer peer, int count, CancellationToken cancellationToken, bool tuned = false)
    {
        var postgres = await BenchServer.StartAsync(cancellationToken, tuned);
        try
        {
            var telegram = await TelegramSimulator.StartAsync(BenchCluster.Unlimited, cancellationToken: cancellationToken);
            var cluster = new PeerCluster(peer, postgres, telegram, await postgres.CreateDatabaseAsync("peer"));
            try
            {
                await peer.FillAsync(cluster._connectionString, count, cancellationToken);
                return cluster;
            }
            catch
            {
                await telegram.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>The caller ends it.</summary>
    public Process StartWorker(int inFlight) =>
        Process.Start(_peer.Worker(_connectionString, new Uri($"{Telegram.BaseAddress}bot{Telegram.Token}/sendMessage"), inFlight))!;

    public async ValueTask DisposeAsync()
    {
        await Telegram.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
