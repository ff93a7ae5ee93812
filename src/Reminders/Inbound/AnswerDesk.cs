using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.Inbound;

/// <summary>
/// The one guarded update by which an answer moves its subject, whichever way it came: a button, a link, a recruiter's word. What
/// follows is the same too: the edit of the message, the word to the recruiter, later reminders dropped.
/// </summary>
internal sealed class AnswerDesk(CommandTransaction db, SubjectChanges changes)
{
    /// <summary>In the transaction that holds the subject's row and decided <paramref name="effect"/> from it.</summary>
    /// <param name="answer">As it is declared; null where it is not, and so was not taken.</param>
    /// <param name="from">The message it came from; null for one by hand.</param>
    /// <param name="by">Who answered, for the ledger.</param>
    public async Task ApplyAsync(
        long subjectId,
        AnswerEffect effect,
        AnswerDefinition? answer,
        PressedMessage? from,
        string by,
        CancellationToken cancellationToken
    )
    {
        if (answer is null || !effect.IsTaken())
        {
            // A press may have proved that a message in doubt was delivered; if it is out of date, it has to be edited.
            await changes.ApplyAsync(subjectId, null, by, cancellationToken);
            return;
        }
        await using (
            var take = db.Command(Statement.Named("Inbound/Sql/take-answer.sql"))
                .With(subjectId, answer.Key, answer.Outcome.ToString().ToLowerInvariant(), by, from?.Kind, from?.RecipientId, from?.Id)
        )
        {
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        // What the answer is called plans as a status does: a kind with On "late" tells the recruiter of it.
        await changes.ApplyAsync(subjectId, answer.Status, by, cancellationToken);
    }

    /// <summary>How the question stands, once the subject's row is held.</summary>
    public async Task<Question> QuestionAsync(long subjectId, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                "SELECT reminders.question(s), reminders.standing_answer(s) FROM reminders.subject s WHERE s.id = $1"
            )
            .With(subjectId);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }
}
