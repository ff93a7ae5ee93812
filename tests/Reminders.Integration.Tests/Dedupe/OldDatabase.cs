using Npgsql;
using Reminders.Cli.Dedupe;
using Reminders.Storage;

namespace Reminders.Integration.Tests.Dedupe;

/// <summary>A database of somebody else's, with a table that has no constraint yet.</summary>
internal sealed class OldDatabase(string connectionString) : IAsyncDisposable
{
    public NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(connectionString);

    public static async Task<OldDatabase> CreateAsync(Postgres postgres, string sql)
    {
        var database = new OldDatabase(await postgres.CreateEmptyDatabaseAsync());
        await database.ExecuteAsync(sql);
        return database;
    }

    /// <summary>Messages of a provider that delivers each webhook once, twice or three times; message 1 came first.</summary>
    public static Task<OldDatabase> WithMessagesAsync(Postgres postgres, int count) =>
        CreateAsync(
            postgres,
            $"""
            CREATE TABLE message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wamid text, body text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT clock_timestamp());
            INSERT INTO message (wamid, body) SELECT 'w' || n, 'copy ' || copy FROM generate_series(1, {count}) n, generate_series(1,
                1 + n % 3) copy ORDER BY copy, n;
            """
        );

    public async Task<DedupeOutcome?> DryRunAsync(DedupeSettings settings, Action<DedupeTable, DuplicateSurvey>? show = null)
    {
        await using var connection = await Connecting.OpenAsync(connectionString, TestContext.Current.CancellationToken);
        return await Deduplication.RunAsync(
            connection,
            settings,
            (table, survey, _) => show?.Invoke(table, survey),
            null,
            TestContext.Current.CancellationToken
        );
    }

    public Task<DedupeOutcome?> ApplyAsync(DedupeSettings settings) =>
        ApplyAsync(settings, new Watcher(), TestContext.Current.CancellationToken);

    public async Task<DedupeOutcome?> ApplyAsync(DedupeSettings settings, IDedupeProgress progress, CancellationToken cancellationToken)
    {
        await using var connection = await Connecting.OpenAsync(connectionString, TestContext.Current.CancellationToken);
        return await Deduplication.RunAsync(connection, settings, (_, _, _) => { }, run => run(progress), cancellationToken);
    }

    public async Task<DedupeOutcome?> UndoAsync(string table, bool apply = true)
    {
        await using var connection = await Connecting.OpenAsync(connectionString, TestContext.Current.CancellationToken);
        return await Deduplication.UndoAsync(
            connection,
            table,
            2,
            (_, _) => { },
            apply ? run => run(new Watcher()) : null,
            TestContext.Current.CancellationToken
        );
    }

    public async Task ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Database.CreateCommand(sql).With(values);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>Does something at the moment a step begins or a batch is through.</summary>
internal sealed class Watcher(Action<string>? said = null, Action<long>? moved = null) : IDedupeProgress
{
    public void Say(string what) => said?.Invoke(what);

    public void Moved(long done, long total) => moved?.Invoke(done);
}
