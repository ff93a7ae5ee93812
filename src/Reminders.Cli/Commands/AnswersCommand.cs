using System.CommandLine;
using Reminders.Apps;

namespace Reminders.Cli.Commands;

/// <summary>Answers that the app's own handler has not taken.</summary>
internal static class AnswersCommand
{
    public static Command Create()
    {
        var retry = new Command("retry", "Tell the app once more of the answers that its handler was given up on.");
        retry.SetAction(
            async (_, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                return await Engine.ReportAsync(
                    await engine.SendAsync(new RetryAnswers(), cancellationToken),
                    retried => $"{retried.Value.Count} answers are told once more, by a node of the app's."
                );
            }
        );
        return new("answers", "Answers that the app's handler has not taken.") { retry };
    }
}
