using Npgsql;
using Reminders.Cli.Nodes;
using Reminders.Sandbox.Postgres;
using Reminders.Sandbox.Telegram;

namespace Reminders.Cli.Bench;

/// <summary>A PostgreSQL, a simulated Telegram as strict as the real one, and nodes that are processes: all for one run.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly LocalPostgres postgres;
    private readonly List<NodeProcess> nodes = [];

    private BenchCluster(LocalPostgres postgres, TelegramSimulator telegram, string connectionString)
    {
        (this.postgres, Telegram) = (postgres, telegram);
        Database = new NpgsqlDataSourceBuilder($"{connectionString};Command Timeout=600").Build();
    }

    public NpgsqlDataSource Database { get; }

    public TelegramSimulator Telegram { get; }

    public IReadOnlyList<NodeProcess> Nodes => nodes;

    public static async Task<BenchCluster> StartAsync(int count, CancellationToken cancellationToken)
    {
        var postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-bench-{Guid.NewGuid():N}"[..24]), Temporary = true }, cancellationToken);
        var telegram = await TelegramSimulator.StartAsync(new() { AutoCreateChats = true }, cancellationToken: cancellationToken);
        var connectionString = await postgres.CreateDatabaseAsync("bench");
        var cluster = new BenchCluster(postgres, telegram, connectionString);
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["ConnectionString"] = connectionString,
                ["Telegram__BotToken"] = telegram.Token,
                ["Telegram__ApiBaseUrl"] = telegram.BaseAddress.ToString(),
                ["Logging__LogLevel__Default"] = "Warning",
            };
            for (var i = 1; i <= count; i++)
                cluster.nodes.Add(await NodeProcess.StartAsync($"bench{i}", environment, cancellationToken));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        await Database.DisposeAsync();
        await Telegram.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
