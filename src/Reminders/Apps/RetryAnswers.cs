using MediatR;
using Reminders.Commands;

namespace Reminders.Apps;

/// <summary>Answers that the app's handler was given up on are told once more, each as if it were new.</summary>
public sealed record RetryAnswers : ICommand<Outcome<AnswersRetried>>;

/// <param name="Count">How many there were.</param>
public sealed record AnswersRetried(int Count);

internal sealed class RetryAnswersHandler(CommandTransaction db) : IRequestHandler<RetryAnswers, Outcome<AnswersRetried>>
{
    public async Task<Outcome<AnswersRetried>> Handle(RetryAnswers request, CancellationToken cancellationToken)
    {
        await using var retry = db.Command(
            "UPDATE reminders.answer_event SET died_at = NULL, attempts = 0, due_at = clock_timestamp() WHERE died_at IS NOT NULL"
        );
        var count = await retry.ExecuteNonQueryAsync(cancellationToken);
        return new Outcome<AnswersRetried>.Done(new(count), count > 0);
    }
}
