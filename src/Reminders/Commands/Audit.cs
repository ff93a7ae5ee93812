using System.Text.Json;
using Reminders.Storage;

namespace Reminders.Commands;

/// <summary>
/// Who changed an address, a key, a token, an answer or a pause, kept for ever: <c>operator_action</c> hangs on a message and
/// is purged with it. Written in the command's own transaction, so that there is no deed without its line.
/// <para>
/// People stand in it as <see cref="Person"/>, and addresses masked (<c>reminders.masked</c>): a line outlives the person's
/// data. Where a statement changes many rows, it writes their lines itself.
/// </para>
/// </summary>
internal sealed class Audit(CommandTransaction db, Caller caller)
{
    /// <summary>A person, by the ledger's number: an erased one keeps it, and it says nothing of them.</summary>
    public static string Person(long recipientId) => $"recipient #{recipientId}";

    /// <summary>Somebody the caller has not, by the name they gave.</summary>
    public static string Unknown(string reference) => $"recipient '{reference}'";

    /// <param name="action">The deed, as <c>key.create</c>, <c>address.change</c>, <c>channel.resume</c>.</param>
    /// <param name="about">What it was done to: <see cref="Person"/>, <c>booking 7c1…</c>.</param>
    /// <param name="before">What was so before, as it serialises to JSON; null where nothing was. Never a secret.</param>
    /// <param name="after">What is so now; null where nothing is.</param>
    public Task WriteAsync(
        string action,
        string about,
        object? before,
        object? after,
        string? reason,
        CancellationToken cancellationToken
    ) => InsertAsync(caller.Name, action, about, before, after, reason, refused: false, cancellationToken);

    /// <summary>The deed of somebody who is no caller: a chat that binds itself.</summary>
    /// <param name="refusal">Why it was not done; null when it was.</param>
    public Task WriteForAsync(
        string actor,
        string action,
        string about,
        object? before,
        object? after,
        CancellationToken cancellationToken,
        string? refusal = null
    ) => InsertAsync(actor, action, about, before, after, refusal, refused: refusal is not null, cancellationToken);

    /// <summary>A deed that was asked for and not done. A refusal is an outcome: its transaction commits, with this in it.</summary>
    public Task RefuseAsync(string action, string about, string reason, CancellationToken cancellationToken) =>
        InsertAsync(caller.Name, action, about, null, null, reason, refused: true, cancellationToken);

    private async Task InsertAsync(
        string actor,
        string action,
        string about,
        object? before,
        object? after,
        string? reason,
        bool refused,
        CancellationToken cancellationToken
    )
    {
        await using var insert = db.Command(
                """
                INSERT INTO reminders.audit (actor, action, about, before, after, reason, refused)
                    VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7)
                """
            )
            .With(actor, action, about, Json(before), Json(after), reason, refused);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static object Json(object? value) => value is null ? DBNull.Value : JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
