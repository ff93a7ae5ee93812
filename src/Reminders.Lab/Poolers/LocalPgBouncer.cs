using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Poolers;

/// <summary>
/// A PgBouncer of its own before a server, as Debian's package has it but for the mode and the accounts: on loopback, under
/// the account that runs the server. It ends with this object.
/// </summary>
public sealed class LocalPgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _folder;

    private LocalPgBouncer(Process process, string folder, int port, string mode) =>
        (_process, _folder, Port, Mode) = (process, folder, port, mode);

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary>Its <c>pool_mode</c>.</summary>
    public string Mode { get; private set; }

    /// <param name="accounts">A connection string to the server for each role that logs in.</param>
    /// <param name="mode">PgBouncer's <c>pool_mode</c>: session, transaction or statement.</param>
    /// <param name="poolSize">Sessions of the server for each database and role.</param>
    /// <param name="ignored">PgBouncer's <c>ignore_startup_parameters</c>; none as it comes.</param>
    /// <exception cref="LocalPostgresException">It is not installed, or does not start; the message says what to do.</exception>
    public static async Task<LocalPgBouncer> StartAsync(
        IReadOnlyList<string> accounts,
        string mode,
        int poolSize = 20,
        string ignored = "",
        CancellationToken ct = default
    )
    {
        var program =
            Path().FirstOrDefault(File.Exists)
            ?? throw new LocalPostgresException("PgBouncer is not installed: apt-get install pgbouncer, or ./dev setup test.");
        var account = await ServerAccount.ChooseAsync(owner: null, ct);
        var folder = Directory.CreateTempSubdirectory("reminders-pgbouncer-").FullName;
        try
        {
            var logins = accounts.Select(account => new NpgsqlConnectionStringBuilder(account)).ToArray();
            var port = FreePort.Choose(last: null);
            var users = System.IO.Path.Combine(folder, "userlist.txt");
            ClusterFolder.WritePrivate(users, string.Concat(logins.Select(login => $"\"{login.Username}\" \"{login.Password}\"\n")));
            var settings = System.IO.Path.Combine(folder, "pgbouncer.ini");
            await File.WriteAllTextAsync(
                settings,
                $"""
                [databases]
                * = host={logins[0].Host} port={logins[0].Port}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {port}
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = {users}
                pool_mode = {mode}
                default_pool_size = {poolSize}
                max_client_conn = 500
                ignore_startup_parameters = {ignored}
                """,
                ct
            );
            await account.TakeAsync(folder, ct);
            string[] words = [.. account.Prefix, program, "-q", settings];
            var process = Process.Start(
                new ProcessStartInfo(words[0], words[1..])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    WorkingDirectory = "/",
                }
            )!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var log = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var bouncer = new LocalPgBouncer(process, folder, port, mode);
            try
            {
                await bouncer.ListensAsync(log, ct);
                return bouncer;
            }
            catch
            {
                process.Kill();
                throw;
            }
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The same login and database, through the pooler.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    /// <summary>Another <c>pool_mode</c> from now on, as an administrator changes it: in the file, and SIGHUP.</summary>
    public async Task ChangeModeAsync(string mode)
    {
        var settings = System.IO.Path.Combine(_folder, "pgbouncer.ini");
        var text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, text.Replace($"pool_mode = {Mode}", $"pool_mode = {mode}", StringComparison.Ordinal));
        Mode = mode;
        (await Command.RunAsync(["sh", "-c", $"kill -HUP {_process.Id}"], Patience)).OrThrow("Telling PgBouncer to read its settings");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ListensAsync(Task<string> log, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", Port, ct);
                return;
            }
            catch (SocketException)
            {
                if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                {
                    throw new LocalPostgresException($"PgBouncer did not start: {(_process.HasExited ? await log : "it does not listen")}");
                }

                await Task.Delay(20, ct);
            }
        }
    }

    // Debian keeps it where only root looks.
    private static IEnumerable<string> Path() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append("/usr/sbin")
            .Select(folder => System.IO.Path.Combine(folder, "pgbouncer"));
}
