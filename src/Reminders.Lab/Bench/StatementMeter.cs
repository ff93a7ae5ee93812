using Npgsql;
using Reminders.Storage;

namespace Reminders.Lab.Bench;

/// <summary>
/// What PostgreSQL did: the write-ahead log, and the statements that took most of its time where it counts them
/// (pg_stat_statements, see <see cref="BenchServer"/>).
/// </summary>
/// <param name="most">How many of them.</param>
internal sealed class StatementMeter(NpgsqlDataSource database, int most = 12)
{
    private bool _counts;
    private string _start = "";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _counts = await ScalarAsync<bool>("SELECT current_setting('shared_preload_libraries') = 'pg_stat_statements'", cancellationToken);
        if (_counts)
        {
            await using var begin = database.CreateCommand(
                "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT FROM pg_stat_statements_reset()"
            );
            await begin.ExecuteNonQueryAsync(cancellationToken);
        }

        _start = await ScalarAsync<string>("SELECT pg_current_wal_insert_lsn()::text", cancellationToken);
    }

    /// <summary>Per 1,000 of <paramref name="messages"/> since <see cref="StartAsync"/>.</summary>
    public async Task<PostgresWork> StopAsync(long messages, CancellationToken cancellationToken)
    {
        var thousands = Math.Max(messages, 1) / 1000.0;
        var wal = await ScalarAsync<double>($"SELECT (pg_current_wal_insert_lsn() - '{_start}'::pg_lsn)::float8", cancellationToken);
        var statements = new List<StatementWork>();
        if (_counts)
        {
            await using var command = database
                .CreateCommand(
                    """
                    SELECT query, calls, rows, total_exec_time, wal_bytes::float8 FROM pg_stat_statements
                    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                    ORDER BY total_exec_time DESC LIMIT $1
                    """
                )
                .With(most);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                statements.Add(
                    new(
                        Title(reader.GetString(0)),
                        reader.GetInt64(1),
                        reader.GetInt64(2),
                        Math.Round(reader.GetDouble(3) / thousands, 2),
                        Math.Round(reader.GetDouble(4) / 1024 / thousands, 1)
                    )
                );
            }
        }
        return new(Math.Round(wal / 1024 / thousands), statements);
    }

    // What the engine sends from a file begins with that file's name.
    private static string Title(string query)
    {
        var line = query.TrimStart().Split('\n')[0].Trim();
        return line.StartsWith("-- ", StringComparison.Ordinal) ? line[3..] : line[..Math.Min(line.Length, 80)];
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>PostgreSQL's part, from the due instant on.</summary>
/// <param name="WalKbPerThousand">KiB per 1,000 messages, whatever wrote it.</param>
/// <param name="Statements">Those that took most time first; none where pg_stat_statements is not installed.</param>
internal sealed record PostgresWork(double WalKbPerThousand, IReadOnlyList<StatementWork> Statements);

/// <param name="MsPerThousand">Time in execution, waits for locks included, per 1,000 messages.</param>
/// <param name="WalKbPerThousand">KiB per 1,000 messages.</param>
internal sealed record StatementWork(string Statement, long Calls, long Rows, double MsPerThousand, double WalKbPerThousand);
