using System.CommandLine;
using Reminders.Apps;
using Reminders.Inbound;

namespace Reminders.Cli.Commands;

/// <summary>Answers about subjects of an app's: those that came by no button, and those that its handler has not taken.</summary>
internal static class AnswersCommand
{
    public static Command Create() =>
        new("answers", "Answers about an app's subjects: record one, tell the app again of those it has not taken.") { Record(), Retry() };

    private static Command Record()
    {
        var type = new Argument<string>("type") { Description = "Of the subject, as its kinds name it." };
        var key = new Argument<string>("key") { Description = "The app's own id of it." };
        var answer = new Argument<string>("answer") { Description = "One that a kind about such subjects declares." };
        var by = new Option<string>("--by") { Description = "Who heard it.", Required = true };
        var how = new Option<string>("--how") { Description = "How it came, such as phone.", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Anything worth keeping." };
        var command = new Command("record", "Record an answer that came by no button. It does what a press would.")
        {
            type,
            key,
            answer,
            by,
            how,
            reason,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var request = new RecordSubjectAnswer(
                    parsed.GetValue(type),
                    parsed.GetValue(key),
                    parsed.GetValue(answer),
                    parsed.GetValue(by),
                    parsed.GetValue(how),
                    parsed.GetValue(reason)
                );
                return await Engine.ReportAsync(
                    await engine.SendAsync(request, cancellationToken),
                    done =>
                        done.Value is { Changed: true } changed
                            ? Printing.Say("cli.recorded_of", request.Answer, changed.Type, changed.Status)
                            : Printing.Say("cli.same_answer_of", done.Value.Type, done.Value.Status)
                );
            }
        );
        return command;
    }

    private static Command Retry()
    {
        var retry = new Command("retry", "Tell the app once more of the answers that its handler was given up on.");
        retry.SetAction(
            async (_, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                return await Engine.ReportAsync(
                    await engine.SendAsync(new RetryAnswers(), cancellationToken),
                    retried => Printing.Say("cli.answers_retried", retried.Value.Count)
                );
            }
        );
        return retry;
    }
}
