using System.Text.Json.Serialization;
using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Bookings;

/// <summary>
/// Approves up to 1000 slots in one transaction, set-based: each is judged by itself, and one that is refused holds up no
/// other. For each it does what <see cref="ApproveBooking"/> does.
/// </summary>
public sealed record ApproveBookings(IReadOnlyList<Guid>? Ids) : ICommand<Outcome<BulkApproval>>
{
    /// <summary>How many one request may name.</summary>
    public const int Most = 1000;
}

/// <param name="Results">One per booking named, in the order given; a booking named twice has one.</param>
public sealed record BulkApproval(IReadOnlyList<Approval> Results);

/// <param name="Reason">Why it was not approved; null when it was.</param>
/// <param name="ScheduleVersion">The booking's version after this; null when there is no such booking.</param>
public sealed record Approval(Guid Id, ApprovalResult Result, string? Reason, long? ScheduleVersion)
{
    /// <summary>The reason as a code. What an Idempotency-Key answers again has none, and stays English.</summary>
    internal string? Why { get; init; }

    /// <summary>The same, told in another language.</summary>
    internal Approval In(Wording words) => this with { Reason = words.Briefly.Reason(Why) ?? Reason };
}

/// <summary>What became of one booking of a bulk approval.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApprovalResult>))]
public enum ApprovalResult
{
    /// <summary>Approved, or reinstated, by this call.</summary>
    [JsonStringEnumMemberName("approved")]
    Approved,

    /// <summary>It was approved (or answered) before: nothing changed.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>It can no longer be approved.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>There is no such booking.</summary>
    [JsonStringEnumMemberName("not_found")]
    NotFound,
}

internal sealed class ApproveBookingsHandler(CommandTransaction db, SubjectChanges changes, Caller caller)
    : IRequestHandler<ApproveBookings, Outcome<BulkApproval>>
{
    public async Task<Outcome<BulkApproval>> Handle(ApproveBookings request, CancellationToken cancellationToken)
    {
        if (request.Ids is not { Count: > 0 and <= ApproveBookings.Most } ids)
        {
            return new Outcome<BulkApproval>.Invalid(WrongFields.Of("ids", "wrong.ids", request.Ids?.Count ?? 0, ApproveBookings.Most));
        }

        var wanted = ids.Distinct().ToArray();
        var found = await LockAsync(wanted, cancellationToken);
        var open = found.Values.Where(booking => booking.StartsAt > booking.Now).ToArray();
        await ApproveAsync(open, cancellationToken);

        // What was called off is a new version now, and its former messages have to follow; that is rare, so one by one.
        foreach (var booking in open.Where(IsReinstated))
        {
            await changes.ApplyAsync(booking.SubjectId, BookingSubject.Approved, caller.Name, cancellationToken);
        }

        if (open.Where(booking => !IsReinstated(booking)).Select(booking => booking.SubjectId).ToArray() is { Length: > 0 } rest)
        {
            await changes.PlanAsync(rest, BookingSubject.Approved, caller.Name, cancellationToken);
        }

        return new Outcome<BulkApproval>.Done(
            new([.. wanted.Select(id => Judge(id, found.GetValueOrDefault(id)))]),
            open.Any(booking => booking.Status is BookingSubject.Proposed or BookingSubject.Cancelled)
        );
    }

    private sealed record Found(Guid Id, long SubjectId, string Status, long Version, DateTimeOffset StartsAt, DateTimeOffset Now);

    private static bool IsReinstated(Found booking) => booking.Status == BookingSubject.Cancelled;

    private static Approval Judge(Guid id, Found? booking) =>
        booking switch
        {
            null => Refused(id, ApprovalResult.NotFound, Reasons.Of("no_booking", id), null),
            _ when booking.StartsAt <= booking.Now => Refused(
                id,
                ApprovalResult.Refused,
                Reasons.Of("begun_not_approved", booking.StartsAt),
                booking.Version
            ),
            { Status: BookingSubject.Proposed } => new(id, ApprovalResult.Approved, null, booking.Version),
            { Status: BookingSubject.Cancelled } => new(id, ApprovalResult.Approved, null, booking.Version + 1),
            _ => new(id, ApprovalResult.Unchanged, null, booking.Version),
        };

    private static Approval Refused(Guid id, ApprovalResult result, string why, long? version) =>
        new(id, result, Wording.Brief.Reason(why), version) { Why = why };

    /// <summary>In the order of their ids, so that two bulks with bookings in common cannot deadlock.</summary>
    private async Task<Dictionary<Guid, Found>> LockAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
                """
                SELECT id, key, status, version, happens_at, clock_timestamp() FROM reminders.subject s
                WHERE type = 'booking' AND key = ANY ($1) AND (owner = $2 OR $3) AND reminders.recruited_by(s, $4)
                ORDER BY id FOR NO KEY UPDATE
                """
            )
            .With(ids.Select(id => id.ToString()).ToArray(), caller.Owner, caller.SeesAll, caller.Recruiter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<Guid, Found>(ids.Length);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = Guid.Parse(reader.GetString(1));
            found[id] = new(
                id,
                reader.GetInt64(0),
                reader.GetString(2),
                reader.GetInt64(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetFieldValue<DateTimeOffset>(5)
            );
        }
        return found;
    }

    private async Task ApproveAsync(Found[] bookings, CancellationToken cancellationToken)
    {
        await using var approve = db.Command(Statement.Named("Bookings/Sql/approve.sql"))
            .With(bookings.Select(booking => booking.SubjectId).ToArray(), caller.Name);
        await approve.ExecuteNonQueryAsync(cancellationToken);
    }
}
