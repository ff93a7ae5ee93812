using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Reminders.Commands;

namespace Reminders.Reads;

/// <summary>Several queries, one instant: a message must not be seen settled whose attempt is not seen.</summary>
internal static class Snapshots
{
    // EF Core compiles the first query of each shape in the middle of it, which took a busy node longer than a transaction may be idle.
    // A snapshot that only reads holds nobody up meanwhile.
    private const string FirstQuery = "SET LOCAL idle_in_transaction_session_timeout = '1min'";

    /// <summary>The transaction of the request or command that is running, with its bounds; else one of its own.</summary>
    public static async Task<IDbContextTransaction> SnapshotAsync(
        this RemindersDb db,
        CommandTransaction current,
        CancellationToken cancellationToken
    )
    {
        IDbContextTransaction snapshot;
        if (current.Current is { } transaction)
        {
            db.Database.SetDbConnection(transaction.Connection);
            snapshot = (await db.Database.UseTransactionAsync(transaction, cancellationToken))!;
        }
        else
        {
            snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        }

        await using var patience = db.Command(FirstQuery);
        await patience.ExecuteNonQueryAsync(cancellationToken);
        return snapshot;
    }

    /// <summary>Of the snapshot that was begun, for statements of our own.</summary>
    public static NpgsqlConnection Connection(this RemindersDb db) => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>A statement of our own within the snapshot.</summary>
    public static NpgsqlCommand Command(this RemindersDb db, string sql) => db.Names.Command(sql, db.Connection());
}
