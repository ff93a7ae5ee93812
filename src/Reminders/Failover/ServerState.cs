using Npgsql;
using NpgsqlTypes;
using Reminders.Storage;

namespace Reminders.Failover;

/// <summary>What one look at a server found: which it is, and what the schema's row says.</summary>
/// <param name="System">Its system identifier, made by initdb; null where the server does not say, as with the next two.</param>
/// <param name="Timeline">Another one since each promotion, and each restore to a point in time.</param>
/// <param name="Position">How far its log is on its disk: every commit that was acknowledged is before it.</param>
/// <param name="Row">Null before the first node of this installation.</param>
/// <param name="Running">Who runs.</param>
internal sealed record ServerState(long? System, int? Timeline, NpgsqlLogSequenceNumber? Position, ClusterRow? Row, string[] Running)
{
    /// <summary>Whether the row was written elsewhere: on the server that this one was copied from, or before it was promoted.</summary>
    public bool IsElsewhere =>
        Row is { } row
        && (
            System is { } system && row.System is { } knownSystem && system != knownSystem
            || Timeline is { } timeline && row.Timeline is { } knownTimeline && timeline != knownTimeline
        );

    /// <param name="sql">look.sql, or what asks less.</param>
    public static async Task<ServerState> ReadAsync(
        Database database,
        string sql,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var look = database.CreateCommand(sql, connection);
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.IsDBNull(0) ? null : reader.GetInt64(0),
            reader.IsDBNull(1) ? null : reader.GetInt32(1),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<NpgsqlLogSequenceNumber>(2),
            reader.IsDBNull(3)
                ? null
                : new(
                    reader.GetInt32(3),
                    reader.GetBoolean(4),
                    reader.IsDBNull(5) ? null : reader.GetInt64(5),
                    reader.IsDBNull(6) ? null : reader.GetInt32(6)
                ),
            reader.GetFieldValue<string[]>(7)
        );
    }
}

/// <summary>The row of <c>reminders.cluster</c>.</summary>
internal sealed record ClusterRow(int Epoch, bool Recovering, long? System, int? Timeline);
