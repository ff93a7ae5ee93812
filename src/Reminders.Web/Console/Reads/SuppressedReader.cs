using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Web.Console.Reads;

/// <param name="Row">The occurrence that was in the way.</param>
/// <param name="Message">That one's newest message; null where it has none.</param>
internal sealed record SuppressedLine(
    long Row,
    string Rule,
    int Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    string LastBy,
    string Kind,
    string SubjectType,
    string SubjectKey,
    long Version,
    string Recipient,
    long? Message
);

/// <summary>What was asked for again and held back, by kind and rule.</summary>
internal sealed class SuppressedReader(CommandTransaction db)
{
    public async Task<IReadOnlyList<SuppressedLine>> ReadAsync(
        string kind,
        string rule,
        (DateTimeOffset At, long Row, string Rule)? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/suppressed.sql"))
            .With(kind, ReasonSearch.Patterns(rule), after?.At.UtcDateTime, after?.Row ?? 0L, after?.Rule ?? "", most);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var lines = new List<SuppressedLine>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.GetInt32(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    reader.GetString(5),
                    reader.GetString(6),
                    reader.GetString(7),
                    reader.GetString(8),
                    reader.GetInt64(9),
                    reader.GetString(10),
                    reader.IsDBNull(11) ? null : reader.GetInt64(11)
                )
            );
        }

        return lines;
    }
}
