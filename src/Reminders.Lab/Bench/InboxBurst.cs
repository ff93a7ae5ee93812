using Npgsql;

namespace Reminders.Lab.Bench;

/// <summary>The inboxes of the app's users, which are rows.</summary>
internal sealed class InboxBurst : IBurstReceiver
{
    private NpgsqlDataSource _database = null!;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public string Measure => "Bench/Sql/measure-inbox.sql";

    public Task ConnectAsync(BenchCluster cluster)
    {
        _database = cluster.Database;
        return Task.CompletedTask;
    }

    public async Task<Arrivals?> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            """
            SELECT count(DISTINCT (recipient_id, subject_key)), count(*) - count(DISTINCT (recipient_id, subject_key))
            FROM reminders.inbox_item WHERE kind = 'CONFIRM_2H'
            """
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    // The cluster ends its database.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
