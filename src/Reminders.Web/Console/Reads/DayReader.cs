using Npgsql;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;

namespace Reminders.Web.Console.Reads;

/// <summary>How a slot stands, for the person who has to know: as a word and a shape.</summary>
internal enum SlotState
{
    Requested,
    Approved,
    Unreachable,
    Reminded,
    Confirmed,
    Declined,
    NoAnswer,
    InDoubt,
    NotReminded,
    Cancelled,
}

/// <param name="Next">When the reminder is due; null where nothing more is to come by itself.</param>
/// <param name="Kind">The reminder's; null where there is none.</param>
/// <param name="Channel">Over which it goes, or would; null where none reaches the candidate.</param>
internal sealed record Slot(
    Guid Id,
    string Title,
    string? Place,
    DateTimeOffset StartsAt,
    string Candidate,
    string CandidateZone,
    string Recruiter,
    SlotState State,
    DateTimeOffset? Next,
    bool IsBeingSent,
    long SubjectId,
    string? Kind = null,
    string? Channel = null
)
{
    /// <summary>Whether a person has something to do about it.</summary>
    public bool NeedsSomebody =>
        State
            is SlotState.Requested
                or SlotState.Unreachable
                or SlotState.Declined
                or SlotState.NoAnswer
                or SlotState.InDoubt
                or SlotState.NotReminded;
}

/// <param name="Next">After which start and number it goes on, where more follow.</param>
/// <param name="LookedTo">How far it looked for those that need somebody, where it had to stop before the page was full.</param>
internal sealed record SlotPage(IReadOnlyList<Slot> Slots, (DateTimeOffset At, long Id)? Next, DateTimeOffset? LookedTo = null);

/// <summary>Slots in the order they begin.</summary>
internal sealed class DayReader(CommandTransaction db, KindCatalog kinds)
{
    public const int Page = 100;

    /// <summary>How many are looked through for those that need somebody: of most installations a week, some 100 ms.</summary>
    public const int LookedThrough = 3000;

    internal const string NextOfAll =
        "SELECT happens_at FROM reminders.subject WHERE type = 'booking' AND happens_at >= $1 ORDER BY happens_at LIMIT 1";

    internal const string NextOf = """
        SELECT p.happens_at FROM reminders.party p JOIN reminders.subject s ON s.id = p.subject_id AND s.type = 'booking'
        WHERE p.role = 'recruiter' AND p.recipient_id = $2 AND p.happens_at >= $1 ORDER BY p.happens_at LIMIT 1
        """;

    public async Task<SlotPage> ReadAsync(
        long? recruiter,
        DateTimeOffset from,
        DateTimeOffset until,
        (DateTimeOffset At, long Id)? after,
        bool needs,
        CancellationToken cancellationToken
    )
    {
        var followUps = kinds.Kinds.Values.Where(kind => kind.After.Length > 0).Select(kind => kind.Name).ToArray();
        // One bound and not two: of two the database may begin at the other one, which is years before.
        var begin = after is { } last && last.At >= from ? last : (At: from, Id: 0);
        string[] sections = [.. recruiter is null ? Array.Empty<string>() : ["mine"], .. needs ? ["needs"] : Array.Empty<string>()];
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/day.sql", sections))
            .With(recruiter, until.UtcDateTime, begin.At.UtcDateTime, begin.Id, followUps, needs ? LookedThrough : Page + 1);
        if (needs)
        {
            read.With(Page + 1);
        }

        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var (slots, looked) = (new List<Slot>(), (Slot?)null);
        while (await reader.ReadAsync(cancellationToken))
        {
            var slot = Read(reader);
            if (!needs || reader.GetBoolean(19))
            {
                slots.Add(slot);
            }

            looked = reader.GetBoolean(20) ? slot : null;
        }

        if (slots.Count > Page)
        {
            slots.RemoveAt(Page);
            return new(slots, Key(slots[^1]));
        }

        return needs && looked is not null ? new(slots, Key(looked), looked.StartsAt) : new(slots, null);
    }

    private static (DateTimeOffset At, long Id) Key(Slot slot) => (slot.StartsAt, slot.SubjectId);

    /// <summary>The start of the next slot from then on; null where there is none.</summary>
    public async Task<DateTimeOffset?> NextAsync(long? recruiter, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var read = recruiter is { } mine
            ? db.Command(NextOf).With(from.UtcDateTime, mine)
            : db.Command(NextOfAll).With(from.UtcDateTime);
        return await read.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    private Slot Read(NpgsqlDataReader reader)
    {
        var (status, question, message) = (reader.GetString(2), Text(11), Text(14));
        var reachable = reader.GetFieldValue<string[]>(10);
        var state = StateOf(status, reachable.Length > 0, question, reader.GetBoolean(13), message, reader.GetBoolean(16));
        return new(
            Guid.Parse(reader.GetString(1)),
            Text(3) ?? "",
            Text(4),
            reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetString(7),
            reader.GetString(8),
            reader.GetString(9),
            state,
            question is "planned" or "waiting" ? reader.GetFieldValue<DateTimeOffset>(12) : null,
            message is "pending" or "retry" or "sending",
            reader.GetInt64(0),
            Text(17),
            Text(18) ?? (Text(17) is { } kind ? kinds.Find(kind)?.Channels.FirstOrDefault(reachable.Contains) : null)
        );

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    internal static SlotState StateOf(
        string status,
        bool isReachable,
        string? question,
        bool wasToldBefore,
        string? message,
        bool isUnanswered
    ) =>
        (status, message, question) switch
        {
            (BookingSubject.Proposed, _, _) => SlotState.Requested,
            (BookingSubject.Cancelled, _, _) => SlotState.Cancelled,
            (BookingSubject.Confirmed, _, _) => SlotState.Confirmed,
            (BookingSubject.Declined, _, _) => SlotState.Declined,
            (_, "uncertain", _) => SlotState.InDoubt,
            (_, "sent", _) => isUnanswered ? SlotState.NoAnswer : SlotState.Reminded,
            (_, "dead" or "cancelled", _) => SlotState.NotReminded,
            (_, null, "skipped" or "cancelled") when !wasToldBefore => SlotState.NotReminded,
            (_, null, "skipped") => isUnanswered ? SlotState.NoAnswer : SlotState.Reminded,
            _ => isReachable ? SlotState.Approved : SlotState.Unreachable,
        };
}
