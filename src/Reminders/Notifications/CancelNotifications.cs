using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Notifications;

/// <summary>
/// Closes a subject: a cart was bought, a ticket closed. What is not yet sent about it is not sent any more. Asking for a
/// notification about it opens it again.
/// </summary>
/// <param name="Type">The type of subject, as its kinds name it.</param>
/// <param name="Subject">The caller's own id of it.</param>
public sealed record CancelNotifications(string? Type, string? Subject) : ICommand<Outcome<CancelResult>>;

/// <param name="Cancelled">How many recipients' notifications were taken back before they were sent.</param>
public sealed record CancelResult(string Type, string Subject, int Cancelled);

internal sealed class CancelNotificationsHandler(CommandTransaction db, SubjectChanges changes, OwnedNames names, Caller caller)
    : IRequestHandler<CancelNotifications, Outcome<CancelResult>>
{
    public async Task<Outcome<CancelResult>> Handle(CancelNotifications request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Line("type", request.Type, 64, required: true);
        errors.Line("subject", request.Subject, 200, required: true);
        if (request.Type is "booking" or "person")
        {
            errors.Add("type", "wrong.booking_elsewhere", request.Type);
        }

        if (errors.All.Count > 0)
        {
            return new Outcome<CancelResult>.Invalid(errors.All);
        }

        var found = await names.SubjectAsync(request.Type!, request.Subject!.Trim(), cancellationToken);
        if (found.IsAmbiguous)
        {
            return Outcome<CancelResult>.Conflict.Of(found.Question("several_subjects", request.Type));
        }

        if (found.Id is not { } subjectId)
        {
            return Outcome<CancelResult>.NotFound.Of("never_asked", request.Type, FieldErrors.Cut(request.Subject));
        }

        await using var close = db.Command(
                """
                UPDATE reminders.subject SET status = 'cancelled', revision = revision + 1, changed_at = now() WHERE id = $1
                """
            )
            .With(subjectId);
        await close.ExecuteNonQueryAsync(cancellationToken);
        var open = await CountUnsentAsync(subjectId, cancellationToken);
        await changes.ApplyAsync(subjectId, null, caller.Name, cancellationToken);
        var left = await CountUnsentAsync(subjectId, cancellationToken);
        await DisarmAsync(subjectId, cancellationToken);
        return new Outcome<CancelResult>.Done(new(request.Type!, request.Subject!.Trim(), open - left), open > left);
    }

    private async Task<int> CountUnsentAsync(long subjectId, CancellationToken cancellationToken)
    {
        await using var count = db.Command(
                """
                SELECT count(*)::int FROM reminders.occurrence o
                WHERE o.subject_id = $1 AND (o.state IN ('planned', 'waiting') OR o.state = 'fired' AND EXISTS (
                    SELECT FROM reminders.outbox m
                    WHERE m.occurrence_id = coalesce(o.digest_of, o.id) AND m.operation = 'send'
                      AND (m.state IN ('pending', 'retry') OR m.state = 'sending' AND m.send_started_at IS NULL)))
                """
            )
            .With(subjectId);
        return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A window is closed by what was told. What was taken back before anybody could read it leaves it open.</summary>
    private async Task DisarmAsync(long subjectId, CancellationToken cancellationToken)
    {
        await using var disarm = db.Command(
                """
                UPDATE reminders.window_key w SET armed_at = '-infinity'
                FROM reminders.occurrence o
                WHERE w.subject_id = $1 AND o.subject_id = w.subject_id AND o.kind = w.kind AND o.version = w.version
                  AND o.recipient_id = w.recipient_id AND NOT reminders.is_announced(coalesce(o.digest_of, o.id))
                  AND NOT EXISTS (SELECT FROM reminders.inbox_item i WHERE i.occurrence_id = o.id)
                """
            )
            .With(subjectId);
        await disarm.ExecuteNonQueryAsync(cancellationToken);
    }
}
