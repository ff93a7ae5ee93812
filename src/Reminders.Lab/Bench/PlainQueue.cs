using System.Diagnostics;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>
/// The floor, and what most outboxes are: take a batch under SKIP LOCKED, send it, mark it, commit. It is here to be measured and killed
/// beside the engine; nothing else uses it.
/// </summary>
internal sealed class PlainQueue : IPeer
{
    public const string Name = "floor";

    private const int Batch = 300;

    string IPeer.Name => Name;

    public int Most => int.MaxValue;

    public async Task FillAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            $"""
            CREATE TABLE plain_queue (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'pending');
            INSERT INTO plain_queue (id) SELECT n FROM generate_series(1, {count}) n;
            """
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ProcessStartInfo Worker(string connectionString, Uri sendMessage, int inFlight) =>
        PeerWorkers.Start(this, connectionString, sendMessage, inFlight);

    /// <summary>Sends batches until nothing is left that nobody else has in hand.</summary>
    public static async Task WorkAsync(string connectionString, Uri sendMessage, int inFlight, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var message = new PeerMessage(sendMessage);
        while (await SendBatchAsync(database, message, inFlight, cancellationToken) || !await IsEmptyAsync(database, cancellationToken)) { }
    }

    private static async Task<bool> IsEmptyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT NOT EXISTS (SELECT FROM plain_queue WHERE state = 'pending')");
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<bool> SendBatchAsync(
        NpgsqlDataSource database,
        PeerMessage message,
        int inFlight,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        long[] taken;
        await using (
            var take = new NpgsqlCommand(
                """
                SELECT coalesce(array_agg(id), '{}') FROM (
                    SELECT id FROM plain_queue WHERE state = 'pending' ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) t
                """,
                connection
            ).With(Batch)
        )
        {
            taken = (long[])(await take.ExecuteScalarAsync(cancellationToken))!;
        }

        await Parallel.ForEachAsync(
            taken,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken },
            async (id, token) => await message.SendAsync(id, token)
        );
        await using (
            var mark = new NpgsqlCommand("UPDATE plain_queue SET state = 'sent' WHERE id = ANY ($1)", connection).With((object)taken)
        )
        {
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return taken.Length > 0;
    }
}
