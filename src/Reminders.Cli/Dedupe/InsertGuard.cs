using Npgsql;

namespace Reminders.Cli.Dedupe;

/// <summary>
/// The last resort where duplicates come faster than an index can be begun between two of them: a trigger that rejects them as
/// the index will, with the same SQLSTATE and constraint name, until the index stands. Making it takes a lock that writers wait
/// for, but for a catalogue entry and not for a scan; where it is not had at once, it is given up and asked for again.
/// </summary>
internal sealed class InsertGuard(NpgsqlConnection connection, DedupeTable table)
{
    private const string LockTimeout = "100ms";

    // Of one per key, a bulk insert would fill the server's lock table (6,400 places by default) for everyone.
    private const int Locks = 4096;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _name = Sql.Fit(table.Name, "_dedupe_guard");

    private string Function => $"{Sql.Quote(table.Schema)}.{Sql.Quote(_name)}";

    /// <returns>False: other transactions held the table all the time.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        var keys = string.Join(", ", table.Keys.Select((key, i) => $"({key.Expression}) AS dedupe_key_{i + 1}"));
        string Read(string row, string into) =>
            $"SELECT {keys}, ({table.Counted}) IS TRUE AS "
            + $"counts{(table.Settings.NullsEqual ? $", {table.LookupList} AS dedupe_hash" : "")} INTO {into} FROM (SELECT {row}.*) t;";
        // Two inserts of one key do not see each other: the lock, by the type's own hash, lets the second look after the first
        // has committed. The owner looks, since a writer may be allowed to insert and not to read; and on a path of its own, so
        // that nobody's path puts another operator or function in the place of the index's.
        var body = $"""
            DECLARE
                mine record;
                before record;
            BEGIN
                {Read("NEW", "mine")}
                IF NOT mine.counts THEN RETURN NEW; END IF;
                IF TG_OP = 'UPDATE' THEN
                    {Read("OLD", "before")}
                    IF before.counts AND ({table.Same("before", "mine")}) THEN RETURN NEW; END IF;
                END IF;
                PERFORM pg_advisory_xact_lock({unchecked((int)table.Oid)}, (hash_record_extended(ROW({string.Join(
                ", ",
                table.Keys.Select((_, i) => $"mine.dedupe_key_{i + 1}")
            )}), 0) & {Locks - 1})::int);
                IF EXISTS (SELECT FROM {table.Source} t WHERE {table.Same("t", "mine")}) THEN
                    RAISE unique_violation USING
                        MESSAGE = {Sql.Literal($"duplicate key value violates unique constraint \"{table.IndexName}\"")},
                        CONSTRAINT = {Sql.Literal(table.IndexName)}, TABLE = {Sql.Literal(table.Name)}, SCHEMA = {Sql.Literal(
                table.Schema
            )};
                END IF;
                RETURN NEW;
            END
            """;
        await connection.ExecuteAsync(
            $"CREATE OR REPLACE FUNCTION {Function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = "
                + $"pg_catalog, pg_temp AS {Sql.Literal(body)}",
            cancellationToken
        );
        return await BrieflyAsync(
            $"CREATE OR REPLACE TRIGGER {Sql.Quote(_name)} BEFORE INSERT OR UPDATE ON {table.Sql} FOR EACH ROW EXECUTE "
                + $"FUNCTION {Function}()",
            cancellationToken
        );
    }

    /// <returns>False: it is still there, and rejects what the index rejects anyway.</returns>
    public async Task<bool> DropAsync(CancellationToken cancellationToken)
    {
        // Asking first: DROP TRIGGER IF EXISTS locks readers out even where there is none.
        if (
            await connection.CountAsync(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = $1 AND tgname = $2",
                cancellationToken,
                table.Oid,
                _name
            ) > 0
            && !await BrieflyAsync($"DROP TRIGGER {Sql.Quote(_name)} ON {table.Sql}", cancellationToken)
        )
        {
            return false;
        }

        await connection.ExecuteAsync($"DROP FUNCTION IF EXISTS {Function}()", cancellationToken);
        return true;
    }

    private async Task<bool> BrieflyAsync(string sql, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync($"SET LOCAL lock_timeout = '{LockTimeout}'", cancellationToken);
                await connection.ExecuteAsync(sql, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return true;
            }
            catch (PostgresException exception)
                when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await Task.Delay(Between, cancellationToken);
            }
        }
        return false;
    }
}
