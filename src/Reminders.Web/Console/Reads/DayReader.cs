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
    long SubjectId
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

/// <param name="Next">The start and number of the last slot where more follow.</param>
internal sealed record SlotPage(IReadOnlyList<Slot> Slots, (DateTimeOffset At, long Id)? Next);

/// <summary>Slots in the order they begin.</summary>
internal sealed class DayReader(CommandTransaction db, KindCatalog kinds)
{
    public const int Page = 100;

    public async Task<SlotPage> ReadAsync(
        long? recruiter,
        DateTimeOffset from,
        DateTimeOffset until,
        (DateTimeOffset At, long Id)? after,
        CancellationToken cancellationToken
    )
    {
        var followUps = kinds.Kinds.Values.Where(kind => kind.After.Length > 0).Select(kind => kind.Name).ToArray();
        await using var read = db.Command(WebStatement.Named("Console/Reads/Sql/day.sql"))
            .With(
                recruiter,
                from.UtcDateTime,
                until.UtcDateTime,
                after?.At.UtcDateTime ?? DateTime.UnixEpoch,
                after?.Id ?? 0,
                followUps,
                Page + 1
            );
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var slots = new List<Slot>();
        while (await reader.ReadAsync(cancellationToken))
        {
            slots.Add(Read(reader));
        }

        if (slots.Count <= Page)
        {
            return new(slots, null);
        }

        slots.RemoveAt(Page);
        return new(slots, (slots[^1].StartsAt, slots[^1].SubjectId));
    }

    /// <summary>The start of the next slot from then on; null where there is none.</summary>
    public async Task<DateTimeOffset?> NextAsync(long? recruiter, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var read = db.Command(
                """
                SELECT s.happens_at FROM reminders.subject s
                WHERE s.type = 'booking' AND s.happens_at >= $2 AND reminders.recruited_by(s, $1) ORDER BY s.happens_at LIMIT 1
                """
            )
            .With(recruiter, from.UtcDateTime);
        return await read.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    private static Slot Read(NpgsqlDataReader reader)
    {
        var (status, question, message) = (reader.GetString(2), Text(11), Text(14));
        var state = StateOf(status, reader.GetBoolean(10), question, reader.GetBoolean(13), message, reader.GetBoolean(16));
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
            reader.GetInt64(0)
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
