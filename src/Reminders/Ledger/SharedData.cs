using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Ledger;

/// <summary>
/// What a request says to many, kept once and by its content, so that the same request again finds it. Small data, and that for
/// one person, stays in the row itself: a row of its own would take more.
/// </summary>
internal static class SharedData
{
    private const int Smallest = 200;

    /// <summary>What an inbox item <c>i</c> says: its own, and over it what it shares.</summary>
    public static readonly string OfItem = Statement.Piece("Ledger/Sql/data-of-item.sql");

    /// <summary>Null where it is not worth sharing.</summary>
    public static async Task<long?> KeepAsync(CommandTransaction db, string data, int recipients, CancellationToken cancellationToken)
    {
        if (recipients < 2 || data.Length < Smallest)
        {
            return null;
        }
        // Touched also when it is there: its row is locked until the commit, so that retention cannot take it away meanwhile.
        await using var keep = db.Command(
                """
                INSERT INTO reminders.shared_data (hash, data) VALUES ($1, $2::jsonb)
                ON CONFLICT ON CONSTRAINT shared_data_hash DO UPDATE SET used_at = now()
                RETURNING id
                """
            )
            .With(SHA256.HashData(Encoding.UTF8.GetBytes(data)), data);
        return (long)(await keep.ExecuteScalarAsync(cancellationToken))!;
    }

    public static NpgsqlParameter Parameter(long? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
