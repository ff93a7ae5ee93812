using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Stops a kind by hand: nothing of it starts, over any channel and on any node, until then or until somebody resumes it. What is under
/// way ends, and what falls due waits in the outbox.
/// </summary>
/// <param name="Until">Null: until somebody resumes it.</param>
internal sealed record PauseKind(string Name, DateTimeOffset? Until, string? Reason) : ICommand<Outcome<KindStatus>>, IAudited
{
    string IAudited.Action => "kind.pause";

    string IAudited.About => $"kind {FieldErrors.Cut(Name)}";
}

/// <summary>Ends a kind's pause before its time.</summary>
internal sealed record ResumeKind(string Name, string? Reason) : ICommand<Outcome<KindStatus>>, IAudited
{
    string IAudited.Action => "kind.resume";

    string IAudited.About => $"kind {FieldErrors.Cut(Name)}";
}

internal sealed class PauseKindHandler(KindDesk desk, CommandTransaction db, Caller caller, Audit audit)
    : IRequestHandler<PauseKind, Outcome<KindStatus>>
{
    public async Task<Outcome<KindStatus>> Handle(PauseKind request, CancellationToken cancellationToken)
    {
        if (KindDesk.Check(request.Name, request.Reason) is { Count: > 0 } errors)
        {
            return new Outcome<KindStatus>.Invalid(errors);
        }

        if (await desk.LookAsync(request.Name, cancellationToken) is not { } before)
        {
            return KindDesk.Unknown(request.Name);
        }

        if (await PauseEnd.CheckAsync(db, request.Until, cancellationToken) is { Count: > 0 } wrong)
        {
            return new Outcome<KindStatus>.Invalid(wrong);
        }

        await using var stop = db.Command(
                """
                INSERT INTO reminders.kind_pause AS p (kind, since, until, paused_by, reason)
                VALUES ($1, clock_timestamp(), $2, $3, $4)
                ON CONFLICT (kind) DO UPDATE
                SET since = CASE WHEN p.until <= clock_timestamp() THEN excluded.since ELSE p.since END, until = excluded.until,
                    paused_by = excluded.paused_by, reason = excluded.reason
                WHERE p.until <= clock_timestamp() OR p.until IS DISTINCT FROM excluded.until
                """
            )
            .With(request.Name, request.Until?.UtcDateTime, caller.Name, request.Reason);
        if (await stop.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return new Outcome<KindStatus>.Done(before, Changed: false);
        }

        return await desk.DoneAsync("kind.pause", before, request.Reason, audit, cancellationToken);
    }
}

internal sealed class ResumeKindHandler(KindDesk desk, CommandTransaction db, Audit audit)
    : IRequestHandler<ResumeKind, Outcome<KindStatus>>
{
    public async Task<Outcome<KindStatus>> Handle(ResumeKind request, CancellationToken cancellationToken)
    {
        if (KindDesk.Check(request.Name, request.Reason) is { Count: > 0 } errors)
        {
            return new Outcome<KindStatus>.Invalid(errors);
        }

        if (await desk.LookAsync(request.Name, cancellationToken) is not { } before)
        {
            return KindDesk.Unknown(request.Name);
        }

        await using var resume = db.Command(
                "DELETE FROM reminders.kind_pause WHERE kind = $1 AND (until IS NULL OR until > clock_timestamp())"
            )
            .With(request.Name);
        return await resume.ExecuteNonQueryAsync(cancellationToken) == 0
            ? new Outcome<KindStatus>.Done(before, Changed: false)
            : await desk.DoneAsync("kind.resume", before, request.Reason, audit, cancellationToken);
    }
}
