using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>
/// What most outboxes are: take a batch under SKIP LOCKED, send it, mark it, commit. It is here to be killed beside the
/// engine; nothing else uses it.
/// </summary>
internal sealed class PlainQueue(NpgsqlDataSource database)
{
    public async Task FillAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            CREATE TABLE plain_queue (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'pending');
            INSERT INTO plain_queue (id) SELECT n FROM generate_series(1, $1) n;
            """.Replace("$1", $"{count}", StringComparison.Ordinal)
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT NOT EXISTS (SELECT FROM plain_queue WHERE state = 'pending')");
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Sends batches until nothing is left that nobody else has in hand.</summary>
    public async Task WorkAsync(Uri sendMessage, int batch, int inFlight, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        while (await SendBatchAsync(http, sendMessage, batch, inFlight, cancellationToken) || !await IsEmptyAsync(cancellationToken)) { }
    }

    private async Task<bool> SendBatchAsync(HttpClient http, Uri sendMessage, int batch, int inFlight, CancellationToken cancellationToken)
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
            ).With(batch)
        )
        {
            taken = (long[])(await take.ExecuteScalarAsync(cancellationToken))!;
        }

        await Parallel.ForEachAsync(
            taken,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                using var content = new FormUrlEncodedContent([
                    new("chat_id", $"{1_000_000 + id}"),
                    new("text", "Your interview is in two hours."),
                ]);
                using var response = await http.PostAsync(sendMessage, content, token);
                response.EnsureSuccessStatusCode();
            }
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
