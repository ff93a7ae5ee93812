using MediatR;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Inbound;

/// <summary>
/// An answer that came by no button: the recruiter phoned, or the candidate wrote a mail. It does what a press would, by the same
/// rules, and says nothing about whether any message was delivered. The booking's recruiter is told as after a press: whoever
/// records an answer need not be them, and if they are, it is the receipt.
/// </summary>
/// <param name="Answer"><c>confirm</c>, <c>decline</c>, or another that a kind about bookings declares.</param>
/// <param name="By">Who heard it. 1 to 200 characters.</param>
/// <param name="How">How it came, such as <c>phone</c>. 1 to 64 characters.</param>
/// <param name="Reason">Anything worth keeping. Up to 1000 characters.</param>
public sealed record RecordAnswer(Guid Booking, string? Answer, string? By, string? How, string? Reason = null)
    : ICommand<Outcome<RecordedAnswer>>;

/// <param name="Id">The booking's.</param>
/// <param name="Status">What it is now.</param>
/// <param name="Effect">confirmed, declined, already_confirmed or already_declined; of any other answer answered or
/// already_answered.</param>
/// <param name="Changed">False when the same answer stood there already.</param>
public sealed record RecordedAnswer(Guid Id, string Status, string Effect, bool Changed, string Text)
{
    /// <summary>The same, told in another language.</summary>
    internal RecordedAnswer In(Wording words) => this with { Text = words.Of(new(Changed ? "answer.recorded" : "answer.same", Status)) };
}

internal sealed class RecordAnswerHandler(CommandTransaction db, AnswerDesk desk, KindCatalog kinds, Audit audit, Caller caller)
    : IRequestHandler<RecordAnswer, Outcome<RecordedAnswer>>
{
    public async Task<Outcome<RecordedAnswer>> Handle(RecordAnswer request, CancellationToken cancellationToken)
    {
        var offered = kinds.AnswersAbout(BookingSubject.Type);
        if (HandAnswers.Check(offered, request.Answer, request.By, request.How, request.Reason) is { Count: > 0 } errors)
        {
            return new Outcome<RecordedAnswer>.Invalid(errors);
        }

        if (await db.LockBookingAsync(request.Booking, caller, cancellationToken) is not { } booking)
        {
            return Outcome<RecordedAnswer>.NotFound.Of("no_booking", request.Booking);
        }

        var answer = offered[request.Answer!];
        var question = await desk.QuestionAsync(booking.SubjectId, cancellationToken);
        var effect = AnswerRules.Decide(answer, question, stillSaysSo: true, isParty: true, hasBegun: booking.StartsAt <= booking.Now);
        if (HandAnswers.Refusal(effect, BookingSubject.Type, booking.Status, question, booking.StartsAt) is { } refusal)
        {
            return Outcome<RecordedAnswer>.Conflict.Of(refusal);
        }

        var changed = effect.IsTaken();
        if (changed)
        {
            await desk.ApplyAsync(booking.SubjectId, effect, answer, from: null, caller.Name, cancellationToken);
            await AuditAsync(request, booking, effect, cancellationToken);
        }
        var status = changed && answer.Closes ? answer.Status : booking.Status;
        return new Outcome<RecordedAnswer>.Done(
            new RecordedAnswer(request.Booking, status, HandAnswers.Name(effect), changed, "").In(Wording.English),
            changed
        );
    }

    private Task AuditAsync(RecordAnswer request, LockedBooking booking, AnswerEffect effect, CancellationToken cancellationToken) =>
        audit.WriteAsync(
            HandAnswers.Action,
            HandAnswers.About(request.Booking.ToString()),
            new { booking.Status },
            new HandAnswer(
                request.Answer!,
                effect.ToString(),
                OutsideText.Clean(request.By),
                OutsideText.Clean(request.How),
                booking.Version
            ),
            string.IsNullOrWhiteSpace(request.Reason) ? null : OutsideText.Clean(request.Reason),
            cancellationToken
        );
}

/// <summary>What the audit keeps of an answer by hand, and <c>explain</c> tells.</summary>
/// <param name="Version">The booking's when it was given.</param>
internal sealed record HandAnswer(string Answer, string Effect, string By, string How, long Version);

internal static class HandAnswers
{
    public const string Action = "booking.answer";

    public static string About(string booking) => About(BookingSubject.Type, booking);

    public static string About(string type, string key) => $"{type} {key}";

    /// <param name="offered">What may be answered, by its key.</param>
    public static WrongFields Check(
        IReadOnlyDictionary<string, AnswerDefinition> offered,
        string? answer,
        string? by,
        string? how,
        string? reason
    )
    {
        var errors = new FieldErrors();
        if (answer is null || !offered.ContainsKey(answer))
        {
            object expected =
                offered.Count > 1
                    ? new Sentence("form.or", string.Join(", ", offered.Keys.SkipLast(1)), offered.Keys.Last())
                    : offered.Keys.First();
            errors.Add(
                "answer",
                answer is null ? new Sentence("wrong.required", expected) : new("wrong.not", FieldErrors.Cut(answer), expected)
            );
        }

        errors.Text("by", by, 200, required: true);
        errors.Text("how", how, 64, required: true);
        errors.Text("reason", reason, 1000, required: false);
        return errors.All;
    }

    /// <summary>Why an answer cannot be taken as the booking stands; null when it can.</summary>
    /// <param name="type">What it is about: <c>booking</c>.</param>
    /// <returns>As <see cref="Reasons"/> has it.</returns>
    public static string? Refusal(AnswerEffect effect, string type, string status, Question question, DateTimeOffset? startsAt) =>
        effect switch
        {
            AnswerEffect.DeclinedIsFinal => Reasons.Of("answer_final", type),
            AnswerEffect.AnsweredOtherwise => Reasons.Of("answer_stands", type, question.Standing ?? ""),
            AnswerEffect.TooLate => Reasons.Of("answer_too_late", type, startsAt.GetValueOrDefault()),
            AnswerEffect.Cancelled => status == BookingSubject.Proposed
                ? Reasons.Of("answer_unapproved", type)
                : Reasons.Of("answer_off", type, status),
            _ => null,
        };

    public static string Name(AnswerEffect effect) =>
        effect switch
        {
            AnswerEffect.AlreadyConfirmed => "already_confirmed",
            AnswerEffect.AlreadyDeclined => "already_declined",
            AnswerEffect.AlreadyAnswered => "already_answered",
            _ => effect.ToString().ToLowerInvariant(),
        };
}
