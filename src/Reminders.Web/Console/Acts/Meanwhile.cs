using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Console.Acts;

/// <summary>Who changed something while a page about it was open, and that an act came to nothing for it.</summary>
internal sealed class Meanwhile(CommandTransaction db, Audit audit)
{
    /// <param name="about">What was changed, as the audit calls it.</param>
    /// <returns>Null where it is gone.</returns>
    public async Task<LastChange?> RecordAsync(string action, string about, string refusal, CancellationToken cancellationToken)
    {
        await audit.RefuseAsync(action, about, refusal, cancellationToken);
        await using var read = db.Command(WebStatement.Named("Console/Acts/Sql/last-change.sql")).With(about);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetFieldValue<DateTimeOffset>(0), reader.IsDBNull(1) ? null : reader.GetString(1))
            : null;
    }
}

/// <param name="By">Without the way they came; null where it was nobody at a desk: whoever was asked has answered.</param>
internal sealed record LastChange(DateTimeOffset At, string? By);
