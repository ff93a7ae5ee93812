using System.CommandLine;
using System.Text.Json;
using Reminders.Explain;

namespace Reminders.Cli.Commands;

/// <summary>What happened to each reminder of a booking, and why.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<Guid> Booking = new("booking") { Description = "The booking's id." };
    private static readonly Option<bool> Json = new("--json") { Description = "As the API's /explain answers." };

    public static Command Create()
    {
        var command = new Command("explain", "What happened to each reminder of a booking, and why one was not sent.") { Booking, Json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            var id = parsed.GetValue(Booking);
            var story = await engine.WithAsync((BookingExplainer explainer) => explainer.ExplainAsync(id, cancellationToken));
            if (story is null)
            {
                await Console.Error.WriteLineAsync($"There is no booking {id}.");
                return 1;
            }
            await Console.Out.WriteLineAsync(parsed.GetValue(Json) ? JsonSerializer.Serialize(story, Printing.Json) : ExplainText.Render(story).TrimEnd());
            return 0;
        });
        return command;
    }
}
