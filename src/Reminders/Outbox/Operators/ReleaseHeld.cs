using MediatR;
using Reminders.Commands;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>
/// Plans again what <see cref="HoldDue"/> has set aside, all or a part. Firing judges each as it is then: what is past its use, not wanted
/// any more or already told is not sent. Messages in doubt are settled or sent again like any others.
/// </summary>
/// <param name="Kind">Only this kind; null means any.</param>
/// <param name="Since">Only what was due then or later; null means all.</param>
internal sealed record ReleaseHeld(string? Kind, DateTimeOffset? Since, string? Reason) : ICommand<Outcome<ReleasedOccurrences>>;

/// <param name="More">Whether there may be others that this command did not get to.</param>
internal sealed record ReleasedOccurrences(long Occurrences, bool More);

internal sealed class ReleaseHeldHandler(CommandTransaction db, Signals signals, AfterCommit afterCommit, Audit audit)
    : IRequestHandler<ReleaseHeld, Outcome<ReleasedOccurrences>>
{
    public async Task<Outcome<ReleasedOccurrences>> Handle(ReleaseHeld request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("kind", request.Kind, 64, required: false);
        errors.Text("reason", request.Reason, 1000, required: true);
        if (errors.All.Count > 0)
        {
            return new Outcome<ReleasedOccurrences>.Invalid(errors.All);
        }

        await using var release = db.Command(Statement.Named("Outbox/Operators/Sql/release-held.sql"))
            .With(
                string.IsNullOrWhiteSpace(request.Kind) ? null : request.Kind,
                request.Since?.UtcDateTime,
                HoldDue.Prefixes,
                HoldDue.Most,
                HoldDue.About
            );
        var released = (long[])(await release.ExecuteScalarAsync(cancellationToken))!;
        if (released.Length == 0)
        {
            return new Outcome<ReleasedOccurrences>.Done(new(0, More: false), Changed: false);
        }

        await audit.WriteAsync(
            "ledger.release",
            HoldDue.About,
            null,
            new
            {
                request.Kind,
                request.Since,
                occurrences = released.Length,
            },
            request.Reason,
            cancellationToken
        );
        await using var notify = db.Command("SELECT pg_notify('reminders_due', '')");
        await notify.ExecuteNonQueryAsync(cancellationToken);
        afterCommit.Add(_ =>
        {
            signals.Due.Set();
            return Task.CompletedTask;
        });
        return new Outcome<ReleasedOccurrences>.Done(new(released.Length, released.Length >= HoldDue.Most));
    }
}
