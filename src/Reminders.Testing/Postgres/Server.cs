using System.Diagnostics;
using Npgsql;

namespace Reminders.Testing.Postgres;

/// <summary>Creates, starts and stops the server of one folder. The caller holds the folder's change lock.</summary>
internal sealed class Server(ClusterFolder folder, ServerAccount account, PostgresBinaries binaries)
{
    public const string Superuser = "reminders";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<Server> ForAsync(ClusterFolder folder, CancellationToken ct) =>
        new(
            folder,
            await ServerAccount.ChooseAsync(await ServerAccount.OwnerOfAsync(folder.Data, ct), ct),
            await PostgresBinaries.FindAsync(folder.Major, ct)
        );

    /// <summary>True when a cluster was made; false when there was one.</summary>
    public async Task<bool> CreateAsync(bool durable, CancellationToken ct)
    {
        if (folder.Major is not null)
        {
            return false;
        }

        if (Directory.Exists(folder.Data) && Directory.EnumerateFileSystemEntries(folder.Data).Any())
        {
            throw new LocalPostgresException($"{folder.Data} holds files, but no PostgreSQL cluster: move it away.");
        }

        Remove(folder.Unfinished);
        Remove(folder.Data);
        var passwordFile = Path.Combine(folder.Root, "password.initdb");
        try
        {
            Directory.CreateDirectory(folder.Unfinished);
            await account.TakeAsync(folder.Unfinished, ct);
            ClusterFolder.WritePrivate(passwordFile, folder.Password());
            await account.TakeAsync(passwordFile, ct);
            string[] sync = durable ? [] : ["--no-sync"];
            (
                await account.RunAsync(
                    [
                        binaries.Initdb,
                        "-D",
                        folder.Unfinished,
                        "-U",
                        Superuser,
                        $"--pwfile={passwordFile}",
                        // SCRAM makes a guess expensive, and so each connection; one for a test with a node or two opens dozens, and
                        // was measured to spend an eighth of all its time there. This password is random, and gone with its folder.
                        $"--auth={(durable ? "scram-sha-256" : "md5")}",
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--no-instructions",
                        .. sync,
                    ],
                    Limit,
                    ct
                )
            ).OrThrow($"initdb in {folder.Unfinished}");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        // Relative to postgresql.conf, so the folder may be moved.
        File.AppendAllText(Path.Combine(folder.Unfinished, "postgresql.conf"), $"\ninclude '../{Path.GetFileName(folder.Settings)}'\n");
        Directory.Move(folder.Unfinished, folder.Data);
        return true;
    }

    /// <summary>True when the folder was made a standby of another server, which it follows from then on.</summary>
    public async Task<bool> CopyAsync(LocalPostgres primary, CancellationToken ct)
    {
        if (folder.Major is not null)
        {
            return false;
        }

        Remove(folder.Data);
        folder.WritePassword(primary.Password);
        // At rest, its files are all there is to a server: pg_basebackup is not needed, which some packages come without.
        await primary.StopAsync(ShutdownMode.Fast);
        try
        {
            (await Command.RunAsync(["cp", "-a", primary.DataFolder, folder.Data], Limit, ct)).OrThrow($"Copying {primary.DataFolder}");
        }
        finally
        {
            await primary.StartAgainAsync();
        }
        var login = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        File.WriteAllText(Path.Combine(folder.Data, "standby.signal"), "");
        File.AppendAllText(
            Path.Combine(folder.Data, "postgresql.auto.conf"),
            $"primary_conninfo = 'host={login.Host} port={login.Port} user={login.Username} password={login.Password} "
                + "application_name=standby'\n"
        );
        await account.TakeAsync(folder.Data, ct);
        return true;
    }

    public async Task PromoteAsync() =>
        (await account.RunAsync([binaries.PgCtl, "promote", "-D", folder.Data, "-w", "-t", "60", "-s"], Limit)).OrThrow(
            "Promoting the standby"
        );

    /// <param name="options">Tuning; its port is not read.</param>
    /// <param name="port">Exactly this port, or null for any free one.</param>
    public async Task<RunningServer> StartAsync(LocalPostgresOptions options, int? port, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var chosen = port ?? FreePort.Choose(folder.LastPort);
            folder.LastPort = chosen;
            folder.WriteSettings(ServerSettings.Text(options, chosen));
            var logged = File.Exists(folder.ServerLog) ? new FileInfo(folder.ServerLog).Length : 0;

            // pg_ctl starts the server in a session of its own: Ctrl-C at the terminal reaches us, not the database.
            var start = await account.RunAsync(
                [binaries.PgCtl, "start", "-D", folder.Data, "-l", folder.ServerLog, "-w", "-t", "100", "-s"],
                Limit,
                ct
            );
            if (start.Succeeded && RunningServer.Find(folder) is { } running)
            {
                return running;
            }

            var said = LogSince(logged);
            // Backends of a killed server need a moment to notice and let the shared memory go.
            var dying = said.Contains("is still in use", StringComparison.Ordinal);
            var taken = said.Contains("Address already in use", StringComparison.Ordinal);
            if ((dying || (taken && port is null)) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
            {
                if (taken)
                {
                    folder.LastPort = null;
                }

                await Task.Delay(200, ct);
                continue;
            }

            throw new LocalPostgresException(
                taken
                    ? $"Port {chosen} is in use by another program: choose another, or 0 for any free one."
                    : $"PostgreSQL did not start (pg_ctl: {start.Output}). {folder.ServerLog} ends with:\n{said}"
            );
        }
    }

    public async Task StopAsync(ShutdownMode mode)
    {
        if (RunningServer.Find(folder) is null)
        {
            return;
        }

        var word = mode switch
        {
            ShutdownMode.Smart => "smart",
            ShutdownMode.Fast => "fast",
            _ => "immediate",
        };
        var stop = await account.RunAsync([binaries.PgCtl, "stop", "-D", folder.Data, "-m", word, "-w", "-t", "100", "-s"], Limit);
        // It may have been killed between the look and the stop; gone is what was asked for.
        if (!stop.Succeeded && RunningServer.Find(folder) is not null)
        {
            stop.OrThrow("Stopping PostgreSQL");
        }
    }

    private string LogSince(long offset)
    {
        if (!File.Exists(folder.ServerLog))
        {
            return "";
        }

        using var log = new FileStream(folder.ServerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Max(offset, log.Length - 4000), SeekOrigin.Begin);
        return new StreamReader(log).ReadToEnd().Trim();
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
