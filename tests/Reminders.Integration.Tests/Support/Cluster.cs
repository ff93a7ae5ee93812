using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Bookings;
using Reminders.Cli;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Lab.Telegram;

namespace Reminders.Integration.Tests.Support;

/// <summary>
/// Engine nodes in this process, on one real database and one simulated Telegram. Nodes share nothing but these, as if
/// each were on a machine of its own.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly List<IHost> _nodes = [];
    private readonly Dictionary<string, string?> _settings;
    private readonly Postgres _postgres;

    private Cluster(Postgres postgres, string connectionString, TelegramSimulator telegram, Dictionary<string, string?> settings)
    {
        (_postgres, ConnectionString, Telegram, _settings) = (postgres, connectionString, telegram, settings);
        Database = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    /// <summary>What every node of it is set to, for nodes in processes of their own.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    public TelegramSimulator Telegram { get; }
    public NpgsqlDataSource Database { get; }
    public IReadOnlyList<IHost> Nodes => _nodes;

    /// <summary>A database of its own, a Telegram of its own, and <paramref name="nodes"/> nodes.</summary>
    /// <param name="overrides">Settings over the shipped ones; Telegram's limits are off unless given.</param>
    public static async Task<Cluster> StartAsync(
        Postgres postgres,
        int nodes = 2,
        TelegramSimulatorOptions? telegram = null,
        params (string Key, string? Value)[] overrides
    )
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        var simulator = await TelegramSimulator.StartAsync(telegram ?? new() { EnforceLimits = false, AutoCreateChats = true });
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionString"] = connectionString + ";Maximum Pool Size=40",
            ["Telegram:BotToken"] = simulator.Token,
            ["Telegram:ApiBaseUrl"] = simulator.BaseAddress.ToString(),
            ["Telegram:PollTimeout"] = "00:00:02",
            ["Outbox:Limits:telegram:PerSecond"] = "0",
            ["Outbox:Limits:telegram:PerRecipientInterval"] = "0",
            ["MigrateAtStart"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        var cluster = new Cluster(postgres, connectionString, simulator, settings);
        for (var i = 0; i < nodes; i++)
        {
            await cluster.StartNodeAsync();
        }

        return cluster;
    }

    /// <summary>Another setting for the nodes that come from now on.</summary>
    public void Set(string key, string? value) => _settings[key] = value;

    /// <param name="channels">What it sends over besides what the service does.</param>
    public async Task<IHost> StartNodeAsync(Action<IServiceCollection>? alter = null, Action<RemindersBuilder>? channels = null)
    {
        var node = AddStillNode(alter, channels);
        await node.StartAsync();
        return node;
    }

    /// <summary>A node whose loops stand still: a test turns them by hand, and may stop anywhere in between.</summary>
    public IHost AddStillNode(Action<IServiceCollection>? alter = null, Action<RemindersBuilder>? channels = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        ShippedKinds.AddTo(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(_settings).AddInMemoryCollection([new("NodeName", $"node{_nodes.Count + 1}")]);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddEngine(
            builder.Configuration,
            all =>
            {
                AllChannels.Add(all);
                channels?.Invoke(all);
            }
        );
        alter?.Invoke(builder.Services);
        var node = builder.Build();
        _nodes.Add(node);
        return node;
    }

    /// <summary>Runs one command on a node, in a scope of its own, as a request would.</summary>
    public async Task<T> SendAsync<T>(IRequest<T> request, int node = 0)
    {
        await using var scope = _nodes[node].Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Proposes a booking whose CONFIRM_2H is due <paramref name="dueIn"/> from now.</summary>
    public async Task<Guid> ProposeAsync(TimeSpan dueIn, long candidateChat = 1001, long recruiterChat = 9001, int node = 0)
    {
        Telegram.AddChat(candidateChat);
        Telegram.AddChat(recruiterChat);
        var outcome = await SendAsync(
            new CreateBooking(
                "Backend engineer",
                TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2) + dueIn,
                new PersonDraft("Anna", "en", "Europe/Moscow", candidateChat),
                new PersonDraft("Rita", "en", "Europe/Moscow", recruiterChat)
            ),
            node
        );
        return Assert.IsType<Outcome<BookingView>.Done>(outcome).Value.Id;
    }

    public async Task<Outcome<BookingView>> ApproveAsync(Guid booking, int node = 0) => await SendAsync(new ApproveBooking(booking), node);

    /// <summary>Moves a booking, and gives the new start back.</summary>
    public async Task<DateTimeOffset> MoveAsync(Guid booking, DateTimeOffset startsAt, int node = 0)
    {
        Assert.IsType<Outcome<BookingView>.Done>(await SendAsync(new MoveBooking(booking, startsAt), node));
        return startsAt;
    }

    /// <summary>When the booking starts, as the database has it.</summary>
    public async Task<DateTimeOffset> StartOfAsync(Guid booking) =>
        new(await ScalarAsync<DateTime>("SELECT happens_at FROM reminders.subject WHERE key = $1", booking.ToString()));

    public Task<T> ScalarAsync<T>(string sql, params object[] values) => Database.ScalarAsync<T>(sql, values);

    public Task ExecuteAsync(string sql, params object[] values) => Database.ExecuteAsync(sql, values);

    /// <summary>Waits until a query answers true; a condition of the database has no signal a test could wait on.</summary>
    public Task UntilAsync(string sql, TimeSpan patience, params object[] values) =>
        Eventually.TrueAsync(() => ScalarAsync<bool>(sql, values), patience, sql, OutboxAsync);

    /// <summary>How the outbox stands, for a test that waited for it in vain.</summary>
    private Task<string> OutboxAsync() =>
        ScalarAsync<string>(
            """
            SELECT 'outbox: ' || coalesce(string_agg(format('%s %s %s %s, %s tries, due %s (%s)',
                id, kind, operation, state, attempts, due_at - clock_timestamp(), reason), E'\n' ORDER BY id), 'empty')
            FROM (SELECT * FROM reminders.outbox ORDER BY id DESC LIMIT 20) last
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync(CancellationToken.None)));
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        await Database.DisposeAsync();
        await Telegram.DisposeAsync();
        await _postgres.DropDatabaseAsync(ConnectionString);
    }
}
