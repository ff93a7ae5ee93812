using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Reminders.Commands;

namespace Reminders.Reads;

/// <summary>Several queries, one instant: a message must not be seen settled whose attempt is not seen.</summary>
internal static class Snapshots
{
    /// <summary>The transaction of the request or command that is running, with its bounds; else one of its own.</summary>
    public static async Task<IDbContextTransaction> SnapshotAsync(
        this RemindersDb db,
        CommandTransaction current,
        CancellationToken cancellationToken
    )
    {
        if (current.Current is not { } transaction)
        {
            return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        }

        db.Database.SetDbConnection(transaction.Connection);
        return (await db.Database.UseTransactionAsync(transaction, cancellationToken))!;
    }

    /// <summary>Of the snapshot that was begun, for statements of our own.</summary>
    public static NpgsqlConnection Connection(this RemindersDb db) => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>A statement of our own within the snapshot.</summary>
    public static NpgsqlCommand Command(this RemindersDb db, string sql) => db.Names.Command(sql, db.Connection());
}
