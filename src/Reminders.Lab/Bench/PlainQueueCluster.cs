using System.Diagnostics;
using Npgsql;
using Reminders.Lab.Nodes;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>What a <see cref="PlainQueue"/> is measured on: a PostgreSQL and a simulator as for the engine, and workers that are
/// processes, as nodes are.</summary>
internal sealed class PlainQueueCluster : IAsyncDisposable
{
    /// <summary>The bench's word for a worker.</summary>
    public const string Worker = "plain-worker";

    /// <summary>The variable that tells the worker where to post: the bot's token is part of it, which no list of processes should
    /// show.</summary>
    public const string SendMessage = "PlainWorkerSendMessage";

    private readonly LocalPostgres _postgres;
    private readonly string _connectionString;

    private PlainQueueCluster(LocalPostgres postgres, TelegramSimulator telegram, string connectionString) =>
        (_postgres, Telegram, _connectionString) = (postgres, telegram, connectionString);

    public TelegramSimulator Telegram { get; }

    /// <summary>Where that PostgreSQL keeps its data.</summary>
    public string PostgresFolder => _postgres.Folder;

    /// <param name="count">How many messages wait in the queue.</param>
    public static async Task<PlainQueueCluster> StartAsync(int count, CancellationToken cancellationToken)
    {
        var postgres = await BenchServer.StartAsync(cancellationToken);
        var telegram = await TelegramSimulator.StartAsync(
            new() { EnforceLimits = false, AutoCreateChats = true },
            cancellationToken: cancellationToken
        );
        var cluster = new PlainQueueCluster(postgres, telegram, await postgres.CreateDatabaseAsync("plain"));
        try
        {
            await using var database = NpgsqlDataSource.Create(cluster._connectionString);
            await new PlainQueue(database).FillAsync(count, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The caller ends it.</summary>
    public Process StartWorker(int inFlight)
    {
        var start = Programs.Lab("bench", Worker, "--in-flight", $"{inFlight}");
        start.Environment["ConnectionString"] = _connectionString;
        start.Environment[SendMessage] = $"{Telegram.BaseAddress}bot{Telegram.Token}/sendMessage";
        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Telegram.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
