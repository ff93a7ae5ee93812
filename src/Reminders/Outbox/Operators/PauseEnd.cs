using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>Until when a pause by hand lasts, by the database's clock.</summary>
internal static class PauseEnd
{
    private const string Longest = "1 year";

    public static async Task<IReadOnlyDictionary<string, string[]>> CheckAsync(
        CommandTransaction db,
        DateTimeOffset? until,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        if (until is { } end)
        {
            await using var ask = db.Command(
                    $"""
                    SELECT CASE WHEN $1 <= clock_timestamp() THEN 'is over: give a time in the future, or none for "until it is resumed".'
                                WHEN $1 > clock_timestamp() + interval '{Longest}' THEN 'is more than {Longest} away.' END
                    """
                )
                .With(end.UtcDateTime);
            if (await ask.ExecuteScalarAsync(cancellationToken) is string problem)
            {
                errors.Add("until", $"({end:O}) {problem}");
            }
        }

        return errors.All;
    }
}
