using System.Net;
using System.Net.Sockets;
using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Tests.Postgres;

public sealed class LocalPostgresTests
{
    [Fact]
    public async Task A_new_cluster_is_utf8_durable_and_reached_by_password_on_loopback_only()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync(scratch.Options(durable: true));

        Assert.Equal("reminders", await Scratch.AskAsync(postgres.ConnectionString, "SELECT current_database()"));
        Assert.Equal(
            "UTF8 C.UTF-8",
            await Scratch.AskAsync(
                postgres.ConnectionString,
                "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = 'reminders'"
            )
        );
        foreach (
            var (setting, value) in new[]
            {
                ("fsync", "on"),
                ("synchronous_commit", "on"),
                ("full_page_writes", "on"),
                ("listen_addresses", "127.0.0.1"),
                ("unix_socket_directories", ""),
            }
        )
        {
            Assert.Equal(value, await Scratch.AskAsync(postgres.ConnectionString, $"SHOW {setting}"));
        }

        var guess = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "reminders" };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Scratch.AskAsync(guess.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(postgres.Folder, "password")));
        }
    }

    [Fact]
    public async Task Without_durability_a_commit_still_waits_for_its_write()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync();

        Assert.Equal("off", await Scratch.AskAsync(postgres.ConnectionString, "SHOW fsync"));
        Assert.Equal("on", await Scratch.AskAsync(postgres.ConnectionString, "SHOW synchronous_commit"));
    }

    [Fact]
    public async Task Whoever_comes_second_shares_the_server_and_the_last_to_leave_stops_it()
    {
        await using var scratch = new Scratch();
        var first = await scratch.StartAsync();
        var second = await scratch.StartAsync();
        Assert.Equal(first.Port, second.Port);

        await first.DisposeAsync();
        Assert.Equal(1, await Scratch.AskAsync(second.ConnectionString, "SELECT 1"));

        await second.DisposeAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => Scratch.AskAsync(second.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Two_that_start_at_the_same_instant_get_one_server()
    {
        await using var scratch = new Scratch();
        var both = await Task.WhenAll(scratch.StartAsync(), scratch.StartAsync());

        Assert.Equal(both[0].Port, both[1].Port);
        Assert.Equal(1, await Scratch.AskAsync(both[0].ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Data_and_port_are_kept_from_one_run_to_the_next()
    {
        await using var scratch = new Scratch();
        var first = await scratch.StartAsync();
        await Scratch.AskAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 7 AS n");
        await first.DisposeAsync();

        var second = await scratch.StartAsync();
        Assert.Equal(first.Port, second.Port);
        Assert.Equal(7, await Scratch.AskAsync(second.ConnectionString, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task A_port_of_another_program_is_refused_by_number_when_asked_for_and_avoided_when_not()
    {
        await using var scratch = new Scratch();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<LocalPostgresException>(() => scratch.StartAsync(scratch.Options(port: taken)));
        Assert.Contains($"Port {taken} is in use", refused.Message);

        // The failed run noted that port as its last; the next run must not insist on it.
        var postgres = await scratch.StartAsync();
        Assert.NotEqual(taken, postgres.Port);
        var wrong = await Assert.ThrowsAsync<LocalPostgresException>(() => scratch.StartAsync(scratch.Options(port: taken)));
        Assert.Contains($"already runs on port {postgres.Port}", wrong.Message);
    }

    [Fact]
    public async Task A_temporary_cluster_leaves_nothing_behind()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync(
            new()
            {
                DataDirectory = scratch.Folder,
                Temporary = true,
                Durable = false,
            }
        );
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
        }

        await postgres.DisposeAsync();
        Assert.False(Directory.Exists(scratch.Folder));
    }

    [Fact]
    public async Task A_database_is_cloned_from_its_template_and_an_existing_one_is_kept()
    {
        await using var scratch = new Scratch();
        var postgres = await scratch.StartAsync();
        await Scratch.AskAsync(await postgres.CreateDatabaseAsync("model"), "CREATE TABLE t AS SELECT 1 AS n");

        var clone = await postgres.CreateDatabaseAsync("clone", template: "model");
        await Scratch.AskAsync(clone, "UPDATE t SET n = 2");
        await postgres.CreateDatabaseAsync("clone", template: "model");
        Assert.Equal(2, await Scratch.AskAsync(clone, "SELECT n FROM t"));

        await postgres.DropDatabaseAsync("clone");
        await Assert.ThrowsAsync<PostgresException>(() => Scratch.AskAsync(clone, "SELECT 1"));
    }

    [Fact]
    public async Task A_version_that_is_not_installed_is_named_with_what_to_do()
    {
        var missing = await Assert.ThrowsAsync<LocalPostgresException>(() =>
            PostgresBinaries.FindAsync(9, TestContext.Current.CancellationToken)
        );
        Assert.Contains("made by PostgreSQL 9, which is not installed", missing.Message);
    }
}
