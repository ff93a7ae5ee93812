using System.Globalization;
using Reminders.Storage;

namespace Reminders.Failover;

/// <summary>The last time that the database stepped back, as those who look from outside see it.</summary>
/// <param name="IsWatched">Whether the server says which one it is, so that another step would be noticed.</param>
/// <param name="IsOver">Whether it is recovered from. Until then nothing is sent.</param>
/// <param name="Missing">Who ran then and has not said what they sent, or not all of it.</param>
internal sealed record LastFailover(
    bool IsWatched,
    DateTimeOffset? FoundAt,
    string Cause,
    bool IsOver,
    string[] Missing,
    int PutBack,
    int Unplaced,
    long HeldOccurrences,
    long HeldMessages
)
{
    /// <summary>Null before the first node.</summary>
    public static async Task<LastFailover?> ReadAsync(Database database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Statement.Named("Failover/Sql/last.sql"));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetBoolean(0),
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetString(2),
                reader.GetBoolean(3),
                reader.GetFieldValue<string[]>(4),
                reader.GetInt32(5),
                reader.GetInt32(6),
                reader.GetInt64(7),
                reader.GetInt64(8)
            )
            : null;
    }

    /// <summary>For operators; null where there was none.</summary>
    public string? Says =>
        FoundAt is not { } found ? null
        : !IsOver
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"found at {found:yyyy-MM-dd HH:mm:ss'Z'} ({Cause}): nothing is sent until it is known what was. Waits for {Names}."
            )
        : string.Create(CultureInfo.InvariantCulture, $"found at {found:yyyy-MM-dd HH:mm:ss'Z'} ({Cause}): {PutBack} put back") + Left;

    private string Names => Missing.Length > 0 ? string.Join(", ", Missing) : "nodes that may not be known yet";

    private string Left =>
        (Unplaced > 0 ? $"; of {Unplaced} that were sent the reminders themselves are lost, and an app that asks again sends again" : "")
        + (
            HeldOccurrences + HeldMessages > 0
                ? $"; {Names} ran then, and what they sent is not known: {HeldOccurrences} reminders are held (hold release), and "
                    + $"{HeldMessages} messages are in doubt (outbox list)."
                : ", nothing held."
        );
}
