using Reminders.Storage;
using Reminders.Words;

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
    public Sentence? Said =>
        FoundAt is not { } found ? null
        : !IsOver ? new("found.failover_open", found, Why, Names)
        : HeldOccurrences + HeldMessages == 0 ? new("found.failover_over", found, Why, PutBack, Lost)
        : new("found.failover_held", found, Why, PutBack, Lost, Names, HeldOccurrences, HeldMessages);

    private Sentence Why => Reasons.Meaning(Cause);

    private object Names => Missing.Length > 0 ? string.Join(", ", Missing) : new Sentence("found.nodes_unknown");

    private object? Lost => Unplaced > 0 ? Unplaced : null;
}
