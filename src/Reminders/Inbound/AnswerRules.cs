using System.Diagnostics.Contracts;
using Reminders.Kinds;

namespace Reminders.Inbound;

/// <summary>How the question about a subject stands, as <c>reminders.question</c> and <c>reminders.standing_answer</c> say.</summary>
/// <param name="State">open, changeable, closed or off.</param>
/// <param name="Standing">The answer that stands; null while there is none.</param>
internal readonly record struct Question(string State, string? Standing);

/// <summary>
/// Decides what an answer does, from its subject as it is now. Pure. The rule for changing one's mind: whoever gave an answer that
/// may change may give another that closes the question, until it begins, because a recruiter would rather know; after the last
/// word (who declined) nothing else is taken. Of two that come at once, the second is judged by what the first has made of it.
/// </summary>
[Pure]
internal static class AnswerRules
{
    /// <param name="answer">As it is declared; null where it is not, or no more.</param>
    public static AnswerEffect Decide(AnswerDefinition? answer, Question question, bool stillSaysSo, bool isParty, bool hasBegun) =>
        question.State switch
        {
            _ when !isParty => AnswerEffect.Cancelled,
            "off" => AnswerEffect.Cancelled,
            _ when !stillSaysSo => AnswerEffect.Moved,
            _ when hasBegun => AnswerEffect.TooLate,
            _ when answer is null => AnswerEffect.NotOffered,
            _ when question.Standing == answer.Key => answer.Key switch
            {
                KindAnswers.Confirm => AnswerEffect.AlreadyConfirmed,
                KindAnswers.Decline => AnswerEffect.AlreadyDeclined,
                _ => AnswerEffect.AlreadyAnswered,
            },
            "open" => Taken(answer),
            "changeable" when answer.Closes => Taken(answer),
            _ => question.Standing == KindAnswers.Decline ? AnswerEffect.DeclinedIsFinal : AnswerEffect.AnsweredOtherwise,
        };

    private static AnswerEffect Taken(AnswerDefinition answer) =>
        answer.Key switch
        {
            KindAnswers.Confirm => AnswerEffect.Confirmed,
            KindAnswers.Decline => AnswerEffect.Declined,
            _ => AnswerEffect.Answered,
        };
}
