using Npgsql;
using Reminders.Kinds;
using Reminders.Ledger;

namespace Reminders.Inbox;

/// <summary>What a person reads, in their language.</summary>
/// <param name="Data">What it was asked for with, as a JSON object.</param>
/// <param name="Cursor">Its number among the person's items: "everything after it" is what they have not seen.</param>
internal sealed record InboxItem(
    long Id,
    long Cursor,
    string Kind,
    string SubjectType,
    string SubjectKey,
    string Data,
    string Message,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ReadAt
)
{
    /// <summary>What <see cref="Read"/> needs, of an item <c>i</c> and its reader <c>r</c>.</summary>
    public static readonly string Columns =
        "i.id, i.seq, i.kind, i.subject_type, i.subject_key, "
        + $"({SharedData.OfItem})::text AS data, i.created_at, i.read_at, r.name, r.locale, r.zone";

    /// <param name="at">The place of the first of <see cref="Columns"/>.</param>
    public static InboxItem Read(NpgsqlDataReader row, int at, InboxText text)
    {
        var (kind, type, key, data) = (row.GetString(at + 2), row.GetString(at + 3), row.GetString(at + 4), row.GetString(at + 5));
        var reader = new Reader(row.GetString(at + 8), row.GetString(at + 9), row.GetString(at + 10));
        return new(
            row.GetInt64(at),
            row.GetInt64(at + 1),
            kind,
            type,
            key,
            data,
            text.Render(kind, type, key, data, reader),
            row.GetFieldValue<DateTimeOffset>(at + 6),
            row.IsDBNull(at + 7) ? null : row.GetFieldValue<DateTimeOffset>(at + 7)
        );
    }
}
