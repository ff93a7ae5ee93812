using Npgsql;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Tests.Postgres;

/// <summary>A folder for one test's cluster, gone with the test.</summary>
internal sealed class Scratch : IAsyncDisposable
{
    private readonly List<LocalPostgres> _started = [];

    public string Parent { get; } = Directory.CreateTempSubdirectory("reminders-pg-test-").FullName;

    public string Folder => Path.Combine(Parent, "cluster");

    public List<string> Said { get; } = [];

    public Scratch()
    {
        // mkdtemp makes 0700; the account that runs the server must pass.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Parent, File.GetUnixFileMode(Parent) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        }
    }

    public LocalPostgresOptions Options(int port = 0, bool durable = false) =>
        new()
        {
            DataDirectory = Folder,
            Port = port,
            Durable = durable,
            Settings = new Dictionary<string, string> { ["shared_buffers"] = "16MB" },
            Log = Said.Add,
        };

    public async Task<LocalPostgres> StartAsync(LocalPostgresOptions? options = null)
    {
        var postgres = await LocalPostgres.StartAsync(options ?? Options(), TestContext.Current.CancellationToken);
        _started.Add(postgres);
        return postgres;
    }

    public static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var postgres in _started)
        {
            await postgres.DisposeAsync();
        }

        Directory.Delete(Parent, recursive: true);
    }
}
