using Npgsql;
using Reminders.Commands;
using Reminders.Lab.Nodes;
using Reminders.Lab.Telegram;
using Reminders.Storage;
using Reminders.Telegram;
using Reminders.Testing.Postgres;
using Reminders.Web.Keys;

namespace Reminders.Lab.Bench;

/// <summary>A PostgreSQL, a simulated Telegram as strict as the real one, and nodes that are processes: all for one run.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly LocalPostgres _postgres;
    private readonly List<NodeProcess> _nodes = [];
    private readonly Dictionary<string, string> _environment;

    private BenchCluster(LocalPostgres postgres, TelegramSimulator telegram, string connectionString, Dictionary<string, string> settings)
    {
        (_postgres, Telegram) = (postgres, telegram);
        Database = new NpgsqlDataSourceBuilder($"{connectionString};Command Timeout=600").Build();
        _environment = new()
        {
            ["ConnectionString"] = connectionString,
            ["Telegram__BotToken"] = telegram.Token,
            ["Telegram__ApiBaseUrl"] = telegram.BaseAddress.ToString(),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (key, value) in settings)
        {
            _environment[key] = value;
        }
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>Where that PostgreSQL keeps its data.</summary>
    public string PostgresFolder => _postgres.Folder;

    public TelegramSimulator Telegram { get; }

    /// <summary>What every node of it is set to, as variables.</summary>
    public IReadOnlyDictionary<string, string> Settings => _environment;

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Of its nodes and its PostgreSQL.</summary>
    public CpuMeter CpuMeter() => new([.. _nodes.Select(node => node.Id)], PostgresFolder);

    /// <summary>A new API key that may do what operators may.</summary>
    public async Task<string> CreateKeyAsync(CancellationToken cancellationToken)
    {
        var keys = new ApiKeys(new Database(Database));
        var made = await keys.CreateAsync($"bench-{Guid.NewGuid():N}", ApiRole.Operator, cancellationToken);
        return ((Outcome<NewApiKey>.Done)made).Value.Key;
    }

    /// <summary>A Telegram that permits everything.</summary>
    public static TelegramSimulatorOptions Unlimited => new() { EnforceLimits = false, AutoCreateChats = true };

    /// <summary>The same with an <see cref="Unlimited"/> Telegram, and nodes that keep to no limit either.</summary>
    /// <param name="channel">On which they keep to none.</param>
    /// <inheritdoc cref="StartAsync"/>
    public static Task<BenchCluster> StartUnlimitedAsync(
        int count,
        CancellationToken cancellationToken,
        Dictionary<string, string>? settings = null,
        bool tuned = false,
        bool countsStatements = false,
        string channel = TelegramChannel.Name
    ) =>
        StartAsync(
            count,
            cancellationToken,
            Unlimited,
            new(settings ?? [])
            {
                [$"Outbox__Limits__{channel}__PerSecond"] = "0",
                [$"Outbox__Limits__{channel}__PerRecipientInterval"] = "0",
            },
            tuned,
            countsStatements
        );

    /// <param name="telegram">Default: as strict as the real one.</param>
    /// <param name="settings">Where nodes differ from what is shipped, as variables.</param>
    /// <param name="tuned">Not with PostgreSQL's default settings.</param>
    /// <param name="countsStatements">For a <see cref="StatementMeter"/>.</param>
    /// <param name="folder">Where the PostgreSQL stays for another run. Default: nowhere.</param>
    public static async Task<BenchCluster> StartAsync(
        int count,
        CancellationToken cancellationToken,
        TelegramSimulatorOptions? telegram = null,
        Dictionary<string, string>? settings = null,
        bool tuned = false,
        bool countsStatements = false,
        string? folder = null
    )
    {
        var postgres = await BenchServer.StartAsync(cancellationToken, tuned, countsStatements, folder);
        var simulator = await TelegramSimulator.StartAsync(
            telegram ?? new() { AutoCreateChats = true },
            cancellationToken: cancellationToken
        );
        var cluster = new BenchCluster(postgres, simulator, await postgres.CreateDatabaseAsync("bench"), settings ?? []);
        try
        {
            for (var i = 0; i < count; i++)
            {
                cluster._nodes.Add(await cluster.StartNodeAsync(i, cancellationToken));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL to a node.</summary>
    public Task KillAsync(int node) => _nodes[node].KillAsync();

    /// <summary>Starts a node that was killed.</summary>
    public async Task StartAgainAsync(int node, CancellationToken cancellationToken)
    {
        await _nodes[node].DisposeAsync();
        _nodes[node] = await StartNodeAsync(node, cancellationToken);
    }

    /// <summary>Kills PostgreSQL and starts it again; returns when it answers.</summary>
    public async Task RestartPostgresAsync()
    {
        await _postgres.StopAsync(ShutdownMode.Immediate);
        await _postgres.StartAgainAsync();
        // The sessions of its pool are gone.
        Database.Clear();
    }

    private Task<NodeProcess> StartNodeAsync(int number, CancellationToken cancellationToken) =>
        NodeProcess.StartAsync($"bench{number + 1}", _environment, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Database.DisposeAsync();
        await Telegram.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
