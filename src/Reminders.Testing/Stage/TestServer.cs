using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.Testing.Stage;

/// <summary>
/// The PostgreSQL server of this process's tests: a private one, started with the first test and gone with the process, or the
/// one that is given.
/// </summary>
internal static class TestServer
{
    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static LocalPostgres? _own;

    /// <returns>A connection string to its database <c>postgres</c>, as a role that may create databases.</returns>
    public static async Task<string> FindAsync(string? given, CancellationToken cancellationToken) =>
        given is null
            ? (await OwnAsync(cancellationToken)).ConnectionStringFor("postgres")
            : new NpgsqlConnectionStringBuilder(given) { Database = "postgres" }.ConnectionString;

    private static async Task<LocalPostgres> OwnAsync(CancellationToken cancellationToken)
    {
        await Starting.WaitAsync(cancellationToken);
        try
        {
            return _own ??= await StartAsync(cancellationToken);
        }
        finally
        {
            Starting.Release();
        }
    }

    private static async Task<LocalPostgres> StartAsync(CancellationToken cancellationToken)
    {
        var server = await ThrowAwayServer.StartAsync("reminders-testing", cancellationToken);
        // No test framework is known here that would say when its last test is over.
        server.EndWithThisProcess();
        return server;
    }
}
