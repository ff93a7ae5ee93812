using Npgsql;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Storage;

/// <summary>One session of a node that planned its statements while the database was empty, and what a <see cref="FilledDatabase"/> holds
/// came afterwards, before anybody counted it.</summary>
public sealed class GrownDatabase(Postgres postgres) : IAsyncLifetime
{
    private NpgsqlConnection? _connection;
    private string _connectionString = "";

    /// <param name="statements">By name: each as it is prepared, and values to plan it with.</param>
    internal async Task<NpgsqlConnection> PlannedAsync(IReadOnlyDictionary<string, (string Sql, string Values)> statements)
    {
        if (_connection is not null)
        {
            return _connection;
        }

        _connectionString = await postgres.CreateDatabaseAsync();
        var connection = await SessionAsync();
        await RunAsync(connection, FilledDatabase.Uncounted);
        foreach (var (name, (sql, values)) in statements)
        {
            await RunAsync(connection, $"PREPARE \"{name}\" AS {sql}");
            await RunAsync(connection, $"EXPLAIN EXECUTE \"{name}\" ({values})");
        }

        await RunAsync(connection, FilledDatabase.Fill);
        await RunAsync(connection, FilledDatabase.Rush);
        return _connection = connection;
    }

    /// <summary>A session that has planned nothing yet.</summary>
    public async Task<NpgsqlConnection> SessionAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await SessionSettings.SetAsync(connection, SessionSettings.OfSession(options: null));
        return connection;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
