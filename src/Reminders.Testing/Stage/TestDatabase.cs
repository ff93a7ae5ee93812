using Npgsql;
using Reminders.Settings;
using Reminders.Testing.Clock;
using Reminders.Testing.Postgres;

namespace Reminders.Testing.Stage;

/// <summary>A database that one test has to itself; it is dropped after it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _maintenance;
    private readonly string _name;
    private bool _created;

    private TestDatabase(string maintenance)
    {
        _maintenance = maintenance;
        _name = $"reminders_test_{Guid.NewGuid():N}";
        // Few: a node takes one connection for each thing it does at a time, and a server has a hundred by default.
        ConnectionString = new NpgsqlConnectionStringBuilder(maintenance) { Database = _name, MaxPoolSize = 10 }.ConnectionString;
    }

    /// <summary>Known before the database is there: settings are read before it is known which schemas it has.</summary>
    public string ConnectionString { get; }

    public static async Task<TestDatabase> NameAsync(string? server, CancellationToken cancellationToken) =>
        new(await TestServer.FindAsync(server, cancellationToken));

    public async Task CreateAsync(SchemaNames names, CancellationToken cancellationToken)
    {
        var template = await TemplateDatabase.EnsureAsync(_maintenance, names, cancellationToken);
        await using var connection = new NpgsqlConnection(_maintenance);
        await connection.OpenAsync(cancellationToken);
        await RunAsync(connection, $"CREATE DATABASE {_name} TEMPLATE {template}", cancellationToken);
        _created = true;
        // A copy does not get its template's settings.
        await RunAsync(connection, $"ALTER DATABASE {_name} SET search_path = {ShiftedClock.SearchPath}", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_created)
        {
            await Databases.DropAsync(_maintenance, _name);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
