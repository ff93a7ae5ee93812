using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Inbound;

/// <summary>
/// The one guarded update by which an answer moves a booking, whichever way it came: a button, a link, a recruiter's word. What
/// follows is the same too: the edit of the message, the word to the recruiter, later reminders dropped.
/// </summary>
internal sealed class AnswerDesk(CommandTransaction db, SubjectChanges changes)
{
    /// <summary>In the transaction that holds the subject's row and decided <paramref name="effect"/> from it.</summary>
    /// <param name="by">Who answered, for the ledger.</param>
    public async Task ApplyAsync(long subjectId, AnswerEffect effect, string by, CancellationToken cancellationToken)
    {
        if (effect is not (AnswerEffect.Confirmed or AnswerEffect.Declined))
        {
            // A press may have proved that a message in doubt was delivered; if it is out of date, it has to be edited.
            await changes.ApplyAsync(subjectId, null, by, cancellationToken);
            return;
        }
        var status = effect.ToString().ToLowerInvariant();
        await using var answer = db.Command(
                """
                UPDATE reminders.subject s SET status = $2, revision = revision + 1, changed_at = now()
                WHERE id = $1 AND reminders.answered_as(s) IN ('approved', 'confirmed') AND status <> $2
                """
            )
            .With(subjectId, status);
        if (await answer.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            await TellTheAppAsync(subjectId, by, cancellationToken);
        }

        await changes.ApplyAsync(subjectId, status, by, cancellationToken);
    }

    /// <summary>Where the subject is an app's: its handlers hear of the answer by this line, on whichever node has them.</summary>
    private async Task TellTheAppAsync(long subjectId, string by, CancellationToken cancellationToken)
    {
        await using var tell = db.Command(
                """
                INSERT INTO reminders.answer_event (subject_id, version, status, way)
                SELECT id, version, status, $2 FROM reminders.subject WHERE id = $1 AND applied_status IS NOT NULL
                """
            )
            .With(subjectId, by);
        await tell.ExecuteNonQueryAsync(cancellationToken);
    }
}
