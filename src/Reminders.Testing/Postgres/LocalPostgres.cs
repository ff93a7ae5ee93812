using System.Diagnostics;
using Npgsql;

namespace Reminders.Testing.Postgres;

/// <summary>
/// A private PostgreSQL server on this machine, made from the installed binaries, on loopback only and with a password
/// of its own. Every process that names the same folder shares one server; the last to leave stops it. A process that is
/// killed leaves it running, and the next <see cref="StartAsync"/> joins it.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const string EngineDatabase = "reminders";

    private readonly LocalPostgresOptions _options;
    private readonly ClusterFolder _folder;
    private readonly string _password;
    private IDisposable? _use;

    private LocalPostgres(LocalPostgresOptions options, ClusterFolder folder, string password, int port, IDisposable use) =>
        (_options, _folder, _password, Port, _use) = (options, folder, password, port, use);

    /// <summary>The loopback port; the same after <see cref="StartAgainAsync"/>.</summary>
    public int Port { get; }

    /// <summary>Where the cluster lies; differs from the wanted folder when that one could not be reached.</summary>
    public string Folder => _folder.Root;

    /// <summary>The server's log.</summary>
    public string ServerLog => _folder.ServerLog;

    /// <summary>To the database <c>reminders</c>, as the cluster's superuser.</summary>
    public string ConnectionString => ConnectionStringFor(EngineDatabase);

    private string Maintenance => ConnectionStringFor("postgres");

    /// <summary>Creates the cluster where there is none, starts it where it does not run, joins it where it does.</summary>
    /// <exception cref="LocalPostgresException">PostgreSQL is missing, or cannot start; the message says what to do.</exception>
    public static async Task<LocalPostgres> StartAsync(LocalPostgresOptions options, CancellationToken ct = default)
    {
        var folder = await ClusterFolder.PlaceAsync(options, ct);
        using var change = await FolderLock.ChangeAsync(folder.Root, ct);
        var use = FolderLock.Use(folder.Root);
        try
        {
            var server = await Server.ForAsync(folder, ct);
            if (options.StandbyOf is { } primary ? await server.CopyAsync(primary, ct) : await server.CreateAsync(options.Durable, ct))
            {
                options.Log?.Invoke($"Created a private PostgreSQL cluster in {folder.Root}.");
            }

            var port = await RunAsync(server, folder, options, options.Port == 0 ? null : options.Port, ct);
            var postgres = new LocalPostgres(options, folder, folder.Password(), port, use);
            if (options.StandbyOf is null)
            {
                await Databases.CreateAsync(postgres.Maintenance, EngineDatabase, template: null, ct);
            }

            return postgres;
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    public string ConnectionStringFor(string database) => ConnectionStringOf(Port, _password, database);

    /// <summary>
    /// Makes the database, from <paramref name="template"/> when given (nobody may be connected to that one), and returns
    /// its connection string. A database of that name that is there already is left as it is.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string name, string? template = null)
    {
        await Databases.CreateAsync(Maintenance, name, template);
        return ConnectionStringFor(name);
    }

    /// <summary>Drops the database and throws its clients out; nothing happens when there is none.</summary>
    public Task DropDatabaseAsync(string name) => Databases.DropAsync(Maintenance, name);

    /// <summary>Stops the server although others may use it: for rehearsing an outage. Returns when it is gone.</summary>
    public async Task StopAsync(ShutdownMode mode)
    {
        using var change = await FolderLock.ChangeAsync(_folder.Root, default);
        await (await Server.ForAsync(_folder, default)).StopAsync(mode);
    }

    /// <summary>Makes a standby a primary, as a fail-over does; returns when it takes writes.</summary>
    public async Task PromoteAsync()
    {
        using var change = await FolderLock.ChangeAsync(_folder.Root, default);
        await (await Server.ForAsync(_folder, default)).PromoteAsync();
    }

    internal string Password => _password;

    internal string DataFolder => _folder.Data;

    /// <summary>Starts it again on the same port, after <see cref="StopAsync"/> or a kill; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        using var change = await FolderLock.ChangeAsync(_folder.Root, default);
        await RunAsync(await Server.ForAsync(_folder, default), _folder, _options, Port, default);
    }

    /// <summary>
    /// For a temporary server that nobody will dispose: it is stopped and its folder deleted when this process is over, also when
    /// that is killed.
    /// </summary>
    internal Process EndWithThisProcess() => ServerReaper.Start(RunningServer.Find(_folder)!.Pid, _folder.Root);

    /// <summary>Leaves; the last user of the cluster stops the server, and deletes it when it is temporary.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _use, null) is not { } use)
        {
            return;
        }

        using var change = await FolderLock.ChangeAsync(_folder.Root, default);
        use.Dispose();
        using var last = FolderLock.TryBeLast(_folder.Root);
        if (last is null)
        {
            return;
        }

        await (await Server.ForAsync(_folder, default)).StopAsync(_options.Temporary ? ShutdownMode.Immediate : ShutdownMode.Fast);
        if (_options.Temporary)
        {
            Directory.Delete(_folder.Root, recursive: true);
        }
    }

    /// <summary>Joins or starts the server, and returns the port it answers on.</summary>
    private static async Task<int> RunAsync(
        Server server,
        ClusterFolder folder,
        LocalPostgresOptions options,
        int? port,
        CancellationToken ct
    )
    {
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var found = RunningServer.Find(folder);
            if (found is not null && port is not null && port != found.Port)
            {
                throw new LocalPostgresException(
                    $"The cluster in {folder.Root} already runs on port {found.Port}, not {port}: stop it first, or ask for port 0."
                );
            }

            var running = found ?? await server.StartAsync(options, port, ct);
            // A server killed an instant ago may still be seen; then it never answers, and is started after all.
            if (
                !await Databases.AnswersAsync(
                    ConnectionStringOf(running.Port, folder.Password(), "postgres"),
                    () => RunningServer.Find(folder) is not null,
                    ct
                )
            )
            {
                continue;
            }

            if (found is not null)
            {
                options.Log?.Invoke($"Joined the PostgreSQL server that already runs in {folder.Root} (port {found.Port}).");
            }

            return running.Port;
        }

        throw new LocalPostgresException($"PostgreSQL starts and stops again at once: see {folder.ServerLog}.");
    }

    private static string ConnectionStringOf(int port, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Database = database,
            Username = Server.Superuser,
            Password = password,
            // Loopback: asking for TLS and Kerberos first only costs round trips.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
}
