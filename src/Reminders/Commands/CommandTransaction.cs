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
    public SchemaNames Names => database.Names;

    /// <summary>Null outside of a command.</summary>
    public NpgsqlTransaction? Current { get; private set; }

    public bool IsOpen => Current is not null;

    /// <summary>For what needs the connection itself: a batch, a copy.</summary>
    /// <exception cref="InvalidOperationException">No command is running, or its transaction is over.</exception>
    public NpgsqlConnection Connection =>
        Current?.Connection ?? throw new InvalidOperationException("No transaction is open in this scope.");

    /// <inheritdoc cref="Connection"/>
    // Where the transaction broke down, nothing more is done: on another connection it would be committed by itself.
    public NpgsqlCommand Command(string sql) => Current is null ? database.CreateCommand(sql) : database.CreateCommand(sql, Connection);

    /// <summary>Runs <paramref name="work"/> in a transaction and commits it; whatever it throws rolls back.</summary>
    public async Task<TResult> RunAsync<TResult>(
        Func<Task<TResult>> work,
        CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.ReadCommitted
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
        Current = transaction;
        try
        {
            await database.BeganAsync(connection, cancellationToken);
            var result = await work();
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            Current = null;
        }
    }
}
