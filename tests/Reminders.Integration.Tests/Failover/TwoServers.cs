using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Testing.Postgres;

namespace Reminders.Integration.Tests.Failover;

/// <summary>A primary and a standby of it, real ones, and nodes on the primary. What is committed after <see cref="CutAsync"/> the standby
/// never has.</summary>
internal sealed class TwoServers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<Switch> _switches = [];

    private TwoServers(LocalPostgres primary, LocalPostgres standby, Cluster cluster) =>
        (Primary, Standby, Cluster) = (primary, standby, cluster);

    public LocalPostgres Primary { get; }
    public LocalPostgres Standby { get; }
    public Cluster Cluster { get; }

    /// <param name="synchronous">Whether the primary answers a commit only when the standby has it.</param>
    public static async Task<TwoServers> StartAsync(Postgres postgres, bool synchronous, params (string Key, string? Value)[] settings)
    {
        var folder = Path.Combine(ThrowAwayServer.Parent("reminders-tests"), Guid.NewGuid().ToString("N")[..12]);
        var primary = await StartServerAsync(folder + "-a", of: null);
        var standby = await StartServerAsync(folder + "-b", of: primary);
        if (synchronous)
        {
            await ExecuteAsync(primary.ConnectionString, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
            await ExecuteAsync(primary.ConnectionString, "SELECT pg_reload_conf()");
        }

        var cluster = await Cluster.StartAsync(
            postgres,
            nodes: 0,
            overrides: [("MigrateAtStart", "true"), ("Failover:WaitForNodes", "00:00:05"), .. settings]
        );
        return new(primary, standby, cluster);
    }

    /// <summary>The next node reaches the database by this. Its own, so that a test may leave a node without any.</summary>
    public Switch Way()
    {
        var way = new Switch(Primary.Port);
        _switches.Add(way);
        Cluster.Set(
            "ConnectionString",
            new NpgsqlConnectionStringBuilder(Primary.ConnectionString)
            {
                Port = way.Port,
                MaxPoolSize = 30,
                Timeout = 5,
            }.ConnectionString
        );
        return way;
    }

    /// <summary>The standby has everything that is committed by now.</summary>
    public async Task CaughtUpAsync()
    {
        var position = await ScalarAsync<string>(Primary, "SELECT pg_current_wal_flush_lsn()::text");
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>(Standby, $"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"),
            Patience,
            "the standby has caught up"
        );
    }

    /// <summary>The line between the two is dead from now on; the primary does not mind.</summary>
    public async Task CutAsync()
    {
        await CaughtUpAsync();
        await ExecuteAsync(Standby.ConnectionString, "ALTER SYSTEM SET primary_conninfo = ''");
        await ExecuteAsync(Standby.ConnectionString, "SELECT pg_reload_conf()");
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>(Standby, "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)"),
            Patience,
            "the standby receives nothing"
        );
    }

    /// <summary>The primary dies; the standby takes its place at these addresses.</summary>
    public async Task FailOverAsync(params Switch[] ways)
    {
        await Primary.StopAsync(ShutdownMode.Immediate);
        await Standby.PromoteAsync();
        foreach (var way in ways)
        {
            await way.ToAsync(Standby.Port);
        }
    }

    /// <summary>Until the recovery is over.</summary>
    /// <returns>What was put back, and what is held.</returns>
    public async Task<(int PutBack, long Held)> RecoveredAsync()
    {
        await Eventually.TrueAsync(
            () => ScalarAsync<bool>(Standby, "SELECT EXISTS (SELECT FROM reminders.failover WHERE finished_at IS NOT NULL)"),
            Patience,
            "the fail-over is recovered from",
            () => ScalarAsync<string>(Standby, "SELECT coalesce((SELECT string_agg(f::text, ' ') FROM reminders.failover f), 'none found')")
        );
        return (
            await ScalarAsync<int>(Standby, "SELECT put_back FROM reminders.failover"),
            await ScalarAsync<long>(Standby, "SELECT held_occurrences + held_messages FROM reminders.failover")
        );
    }

    public static Task ExecuteAsync(string connectionString, string sql) => Schemas.Installation.ExecuteAsync(connectionString, sql);

    public static Task<T> ScalarAsync<T>(LocalPostgres server, string sql) =>
        Schemas.Installation.ScalarAsync<T>(server.ConnectionString, sql);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        foreach (var way in _switches)
        {
            await way.DisposeAsync();
        }

        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private static Task<LocalPostgres> StartServerAsync(string folder, LocalPostgres? of) =>
        LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = folder,
                Temporary = true,
                Durable = false,
                StandbyOf = of,
            },
            TestContext.Current.CancellationToken
        );
}
