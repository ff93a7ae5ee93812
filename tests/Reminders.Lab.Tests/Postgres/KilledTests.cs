using System.Diagnostics;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Tests.Postgres;

/// <summary>What is left when somebody pulls the plug, and that the next start copes with it.</summary>
public sealed class KilledTests
{
    [Fact]
    public async Task A_server_whose_owner_was_killed_is_joined_and_then_stopped_like_any_other()
    {
        await using var scratch = new Scratch();
        var ct = TestContext.Current.CancellationToken;
        // Running, with nobody holding the users' lock: exactly what a killed owner leaves.
        var folder = await ClusterFolder.PlaceAsync(scratch.Options(), ct);
        var server = await Server.ForAsync(folder, ct);
        await server.CreateAsync(durable: false, ct);
        var orphan = await server.StartAsync(scratch.Options(), null, ct);

        var postgres = await scratch.StartAsync();
        Assert.Equal(orphan.Port, postgres.Port);
        await postgres.DisposeAsync();
        Assert.Null(RunningServer.Find(folder));
    }

    [Fact]
    public async Task Committed_rows_survive_a_killed_server_which_starts_again_on_its_port()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync();
        await Scratch.AskAsync(postgres.ConnectionString, "CREATE TABLE kept AS SELECT 7 AS n");

        using (var process = Process.GetProcessById(RunningServer.Find(new(postgres.Folder))!.Pid))
        {
            process.Kill();
        }

        await postgres.StartAgainAsync();

        Assert.Equal(7, await Scratch.AskAsync(postgres.ConnectionString, "SELECT n FROM kept"));
    }

    /// <summary>For a package of tests, where nobody knows which test is the last.</summary>
    [Fact]
    public async Task A_server_that_ends_with_its_process_leaves_nothing_behind()
    {
        await using var scratch = new Scratch();
        var postgres = await LocalPostgres.StartAsync(scratch.Options(), TestContext.Current.CancellationToken);
        using var shell = postgres.EndWithThisProcess();
        Assert.Equal(1, await Scratch.AskAsync(postgres.ConnectionString, "SELECT 1"));
        Assert.False(shell.HasExited);

        // As the kernel does when the process is gone, however it went.
        shell.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await shell.WaitForExitAsync(patience.Token);
        Assert.False(Directory.Exists(postgres.Folder));
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => Scratch.AskAsync(postgres.ConnectionString, "SELECT 1"));
    }

    [Theory]
    [InlineData(ShutdownMode.Fast)]
    [InlineData(ShutdownMode.Immediate)]
    public async Task An_outage_can_be_rehearsed(ShutdownMode mode)
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync();
        await Scratch.AskAsync(postgres.ConnectionString, "CREATE TABLE kept AS SELECT 7 AS n");

        await postgres.StopAsync(mode);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => Scratch.AskAsync(postgres.ConnectionString, "SELECT 1"));
        await postgres.StartAgainAsync();

        Assert.Equal(7, await Scratch.AskAsync(postgres.ConnectionString, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task A_pid_file_that_names_another_living_program_is_stale()
    {
        await using var scratch = new Scratch();
        var first = await scratch.StartAsync();
        await first.DisposeAsync();
        // After a reboot the old pid is anybody's: here it is ours.
        await File.WriteAllTextAsync(
            Path.Combine(first.Folder, "data", "postmaster.pid"),
            $"{Environment.ProcessId}\n{first.Folder}/data\n1\n{first.Port}\n\n127.0.0.1\n0 0\nready\n",
            TestContext.Current.CancellationToken
        );

        var second = await scratch.StartAsync();
        Assert.Equal(1, await Scratch.AskAsync(second.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_cluster_half_made_is_made_afresh()
    {
        await using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "data.unfinished", "base"));
        await File.WriteAllTextAsync(
            Path.Combine(scratch.Folder, "data.unfinished", "PG_VERSION"),
            "15\n",
            TestContext.Current.CancellationToken
        );

        var postgres = await scratch.StartAsync();
        Assert.Equal(1, await Scratch.AskAsync(postgres.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task The_server_lives_in_a_session_of_its_own_so_Ctrl_C_does_not_reach_it()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync();
        var server = RunningServer.Find(new(postgres.Folder))!.Pid;

        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(server));
    }

    [Fact]
    public async Task A_folder_the_servers_account_cannot_reach_is_replaced_and_that_is_said()
    {
        await using var scratch = new Scratch();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(scratch.Parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var postgres = await scratch.StartAsync(
            new()
            {
                DataDirectory = scratch.Folder,
                Temporary = true,
                Durable = false,
                Log = scratch.Said.Add,
            }
        );

        Assert.Equal(1, await Scratch.AskAsync(postgres.ConnectionString, "SELECT 1"));
        // Only root runs the server as somebody else.
        Assert.Equal(Environment.IsPrivilegedProcess, postgres.Folder.StartsWith("/var/tmp/reminders-", StringComparison.Ordinal));
        Assert.Equal(Environment.IsPrivilegedProcess, scratch.Said.Any(s => s.Contains("cannot reach", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Temporary_clusters_of_killed_processes_are_swept_and_those_in_use_are_not()
    {
        await using var scratch = new Scratch();
        var ct = TestContext.Current.CancellationToken;
        var used = await scratch.StartAsync();
        var abandoned = Path.Combine(scratch.Parent, "abandoned");
        var killed = await LocalPostgres.StartAsync(new() { DataDirectory = abandoned, Durable = false }, ct);
        await killed.DisposeAsync();

        await AbandonedClusters.SweepAsync(scratch.Parent, TimeProvider.System, ct);
        Assert.True(Directory.Exists(abandoned), "younger than the grace");

        await AbandonedClusters.SweepAsync(scratch.Parent, new Later(), ct);
        Assert.False(Directory.Exists(abandoned));
        Assert.Equal(1, await Scratch.AskAsync(used.ConnectionString, "SELECT 1"));
    }

    // Field 6 of /proc/<pid>/stat, counted after the program's name in brackets.
    private static string SessionOf(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[3];

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }
}
