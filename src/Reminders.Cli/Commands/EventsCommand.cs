using System.CommandLine;
using Reminders.Commands;
using Reminders.Events;

namespace Reminders.Cli.Commands;

/// <summary>What an app in another process is told by the webhook.</summary>
internal static class EventsCommand
{
    public static Command Create() =>
        new("events", "What the webhook's receiver, and the app's handlers, are told.")
        {
            Of("retry", "Tell them once more of the events that they never took.", new RetryEvents(), "cli.events_retried"),
            Of("resume", "Tell the receiver again that said it was gone (410).", new ResumeWebhook(), "cli.receivers_resumed"),
            Of(
                "off",
                "Write no events any more, after Webhook:Url was taken out of every node's settings (and OnEvent out of the app).",
                new EndEvents(),
                "cli.events_forgotten"
            ),
        };

    private static Command Of(string name, string description, ICommand<Outcome<EventsChanged>> request, string says)
    {
        var command = new Command(name, description);
        command.SetAction(
            async (_, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                return await Engine.ReportAsync(
                    await engine.SendAsync(request, cancellationToken),
                    done => Printing.Say(says, done.Value.Count)
                );
            }
        );
        return command;
    }
}
