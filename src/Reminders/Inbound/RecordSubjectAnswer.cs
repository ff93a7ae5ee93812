using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>As <see cref="RecordAnswer"/>, about a subject of the app's: somebody heard the answer, and no button was pressed.</summary>
/// <param name="Type">Of the subject.</param>
/// <param name="Key">The app's own id of it.</param>
/// <param name="Answer">One that a kind about such subjects declares; <c>confirm</c> or <c>decline</c> where none declares
/// any.</param>
/// <param name="By">Who heard it. 1 to 200 characters.</param>
/// <param name="How">How it came, such as <c>phone</c>. 1 to 64 characters.</param>
/// <param name="Reason">Anything worth keeping. Up to 1000 characters.</param>
public sealed record RecordSubjectAnswer(string? Type, string? Key, string? Answer, string? By, string? How, string? Reason = null)
    : ICommand<Outcome<SubjectAnswered>>;

/// <param name="Status">What it is now.</param>
/// <param name="Effect">confirmed, declined, already_confirmed or already_declined; of any other answer answered or
/// already_answered.</param>
/// <param name="Changed">False when the same answer stood there already.</param>
public sealed record SubjectAnswered(string Type, string Key, string Status, string Effect, bool Changed);

internal sealed class RecordSubjectAnswerHandler(
    CommandTransaction db,
    AnswerDesk desk,
    KindCatalog kinds,
    OwnedNames names,
    Audit audit,
    Caller caller
) : IRequestHandler<RecordSubjectAnswer, Outcome<SubjectAnswered>>
{
    public async Task<Outcome<SubjectAnswered>> Handle(RecordSubjectAnswer request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Line("type", request.Type, 64, required: true);
        errors.Name("key", request.Key, 200, required: true);
        var offered = kinds.AnswersAbout(request.Type ?? "");
        errors.Add(HandAnswers.Check(offered, request.Answer, request.By, request.How, request.Reason));
        if (errors.All.Count > 0)
        {
            return new Outcome<SubjectAnswered>.Invalid(errors.All);
        }

        var (type, key) = (request.Type!, request.Key!.Trim());
        var found = await names.SubjectAsync(type, key, cancellationToken);
        if (found.IsAmbiguous)
        {
            return Outcome<SubjectAnswered>.Conflict.Of(found.Question("several_subjects", type));
        }

        if (found.Id is not { } id)
        {
            return Outcome<SubjectAnswered>.NotFound.Of("no_subject", type, FieldErrors.Cut(key));
        }

        var (status, startsAt, hasBegun, version) = await LockAsync(id, cancellationToken);
        var answer = offered[request.Answer!];
        var question = await desk.QuestionAsync(id, cancellationToken);
        var effect = AnswerRules.Decide(answer, question, stillSaysSo: true, isParty: true, hasBegun);
        if (HandAnswers.Refusal(effect, type, status, question, startsAt) is { } refusal)
        {
            return Outcome<SubjectAnswered>.Conflict.Of(refusal);
        }

        var changed = effect.IsTaken();
        if (changed)
        {
            await desk.ApplyAsync(id, effect, answer, from: null, caller.Name, cancellationToken);
            await audit.WriteAsync(
                HandAnswers.Action,
                HandAnswers.About(type, key),
                new { Status = status },
                new HandAnswer(request.Answer!, effect.ToString(), OutsideText.Clean(request.By), OutsideText.Clean(request.How), version),
                string.IsNullOrWhiteSpace(request.Reason) ? null : OutsideText.Clean(request.Reason),
                cancellationToken
            );
        }

        return new Outcome<SubjectAnswered>.Done(
            new(type, key, changed && answer.Closes ? answer.Status : status, HandAnswers.Name(effect), changed),
            changed
        );
    }

    private async Task<(string Status, DateTimeOffset? StartsAt, bool HasBegun, long Version)> LockAsync(
        long id,
        CancellationToken cancellationToken
    )
    {
        await using var find = db.Command(
                """
                SELECT s.status, s.happens_at, coalesce(s.happens_at <= clock_timestamp(), false), s.version
                FROM reminders.subject s WHERE s.id = $1 FOR NO KEY UPDATE
                """
            )
            .With(id);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (
            reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.GetBoolean(2),
            reader.GetInt64(3)
        );
    }
}
