using System.Data;
using Npgsql;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Commands;

/// <summary>
/// The transaction of the command that runs in this scope; <see cref="TransactionBehaviour{TRequest, TResult}"/> begins and ends it.
/// Outside of a command each statement takes a connection for itself and is committed by itself, which is what a read wants.
/// </summary>
internal sealed class CommandTransaction(Database database)
{
    private const string Savepoint = "reminders_engine";

    private NpgsqlConnection? _joined;

    public SchemaNames Names => database.Names;

    /// <summary>Null outside of a command, and in an app's transaction that is not Npgsql's to name.</summary>
    public NpgsqlTransaction? Current { get; private set; }

    public bool IsOpen => Current is not null || _joined is not null;

    /// <summary>For what needs the connection itself: a batch, a copy.</summary>
    /// <exception cref="InvalidOperationException">No command is running, or its transaction is over.</exception>
    public NpgsqlConnection Connection =>
        _joined ?? Current?.Connection ?? throw new InvalidOperationException("No transaction is open in this scope.");

    /// <inheritdoc cref="Connection"/>
    // Where the transaction broke down, nothing more is done: on another connection it would be committed by itself.
    public NpgsqlCommand Command(string sql) => !IsOpen ? database.CreateCommand(sql) : database.CreateCommand(sql, Connection);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction of the app's, which commits it or not. What it throws is taken back, and leaves
    /// the app's transaction as it was before.
    /// </summary>
    /// <param name="transaction">The one that is open on the connection; null where a TransactionScope has it.</param>
    public async Task<TResult> JoinAsync<TResult>(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        Func<Task<TResult>> work,
        CancellationToken cancellationToken
    )
    {
        (_joined, Current) = (connection, transaction);
        try
        {
            await RunAsync($"SAVEPOINT {Savepoint}", cancellationToken);
            try
            {
                var result = await work();
                // Its loops hear of it when the app commits, and of nothing when it does not.
                await RunAsync(
                    $"RELEASE {Savepoint}; SELECT pg_notify('reminders_due', ''), pg_notify('reminders_outbox', '')",
                    cancellationToken
                );
                return result;
            }
            catch
            {
                await RunAsync($"ROLLBACK TO {Savepoint}; RELEASE {Savepoint}", CancellationToken.None);
                throw;
            }
        }
        finally
        {
            (_joined, Current) = (null, null);
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs <paramref name="work"/> in a transaction and commits it; whatever it throws rolls back.</summary>
    public async Task<TResult> RunAsync<TResult>(
        Func<Task<TResult>> work,
        CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.ReadCommitted
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RunAsync(connection, work, cancellationToken, isolation);
    }

    /// <summary>The same on a connection of somebody's own.</summary>
    public Task<TResult> RunAsync<TResult>(
        NpgsqlConnection connection,
        Func<Task<TResult>> work,
        CancellationToken cancellationToken,
        IsolationLevel isolation
    ) => RunAsync(connection, work, isolation, commits: true, cancellationToken);

    /// <summary>Runs <paramref name="work"/> in a transaction and takes all of it back: what a command would do, not done.</summary>
    public async Task<TResult> TryAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RunAsync(connection, work, IsolationLevel.ReadCommitted, commits: false, cancellationToken);
    }

    private async Task<TResult> RunAsync<TResult>(
        NpgsqlConnection connection,
        Func<Task<TResult>> work,
        IsolationLevel isolation,
        bool commits,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
        Current = transaction;
        try
        {
            await database.BeganAsync(connection, cancellationToken);
            var result = await work();
            if (commits)
            {
                await transaction.CommitAsync(cancellationToken);
            }

            return result;
        }
        finally
        {
            Current = null;
        }
    }
}
