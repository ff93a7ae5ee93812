using System.Text.Json;

namespace Reminders.Storage;

/// <summary>
/// Who changed an address, a key, a token, an answer or a pause, kept for ever: <c>operator_action</c> hangs on a message and
/// is purged with it. Written in the command's own transaction, so that there is no deed without its line.
/// </summary>
internal sealed class Audit(RemindersDb db, Caller caller)
{
    /// <param name="action">The deed, as <c>key.create</c>, <c>address.change</c>, <c>channel.resume</c>.</param>
    /// <param name="about">What it was done to: <c>recipient anna</c>, <c>booking 7c1…</c>.</param>
    /// <param name="before">What was so before, as it serialises to JSON; null where nothing was. Never a secret.</param>
    /// <param name="after">What is so now; null where nothing is.</param>
    public async Task WriteAsync(
        string action, string about, object? before, object? after, string? reason, CancellationToken cancellationToken)
    {
        await using var insert = db.Command("""
            INSERT INTO reminders.audit (actor, action, about, before, after, reason) VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6)
            """).With(caller.Name, action, about, Json(before), Json(after), reason);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static object Json(object? value) => value is null ? DBNull.Value : JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
