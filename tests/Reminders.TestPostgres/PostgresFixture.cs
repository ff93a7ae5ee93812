using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.TestPostgres;

/// <summary>
/// One temporary PostgreSQL per test assembly, and a fresh database per test, cloned from a template that is migrated
/// once. Derive from it, and register the derived class:
/// <code>
/// [assembly: AssemblyFixture(typeof(Postgres))]
/// public sealed class Postgres() : PostgresFixture(Migrations.ApplyAsync);
/// </code>
/// The server starts with the first database asked for, so a run of other tests only never pays for it.
/// </summary>
/// <param name="migrate">Given a connection string to an empty database; null: tests get empty databases.</param>
public abstract class PostgresFixture(Func<string, Task>? migrate = null) : IAsyncDisposable
{
    private const string Template = "template_reminders";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private LocalPostgres? _server;
    private int _databases;

    /// <summary>A connection string to a database nobody else uses. It goes away with the server at the latest.</summary>
    public async Task<string> CreateDatabaseAsync() =>
        await (await ServerAsync()).CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}", migrate is null ? null : Template);

    /// <summary>
    /// Drops a database whose test is over. Nobody has to, but files that are gone within seconds were never written to the disk: of a
    /// thousand databases that go away with the server, 300 files each, the deletion alone takes minutes.
    /// </summary>
    public async Task DropDatabaseAsync(string connectionString) =>
        await (await ServerAsync()).DropDatabaseAsync(new NpgsqlConnectionStringBuilder(connectionString).Database!);

    /// <summary>An empty database, for tests of the migration itself.</summary>
    public async Task<string> CreateEmptyDatabaseAsync() =>
        await (await ServerAsync()).CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}");

    /// <summary>The server, for tests that stop it: those must not share the assembly's fixture with others.</summary>
    public async Task<LocalPostgres> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            return _server ??= await StartAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<LocalPostgres> StartAsync()
    {
        var server = await ThrowAwayServer.StartAsync("reminders-tests");
        if (migrate is null)
        {
            return server;
        }

        try
        {
            var template = await server.CreateDatabaseAsync(Template);
            await migrate(template);
            // CREATE DATABASE refuses a template somebody is connected to, and a pooled idle connection counts.
            await using var connection = new NpgsqlConnection(template);
            NpgsqlConnection.ClearPool(connection);
            await SealAsync(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task SealAsync(LocalPostgres server)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            ALTER DATABASE {Template} ALLOW_CONNECTIONS false;
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{Template}';
            """,
            connection
        );
        await command.ExecuteNonQueryAsync();
    }
}
