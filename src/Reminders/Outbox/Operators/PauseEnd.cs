using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>Until when a pause by hand lasts, by the database's clock.</summary>
internal static class PauseEnd
{
    public static async Task<WrongFields> CheckAsync(CommandTransaction db, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (until is { } end)
        {
            await using var ask = db.Command(
                    """
                    SELECT CASE WHEN $1 <= clock_timestamp() THEN 'over'
                                WHEN $1 > clock_timestamp() + interval '1 year' THEN 'far' END
                    """
                )
                .With(end.UtcDateTime);
            if (await ask.ExecuteScalarAsync(cancellationToken) is string problem)
            {
                errors.Add("until", problem == "over" ? "wrong.pause_over" : "wrong.pause_long", $"{end:O}");
            }
        }

        return errors.All;
    }
}
