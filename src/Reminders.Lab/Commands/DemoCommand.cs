using System.CommandLine;
using Reminders.Cli;
using Reminders.Lab.Demo;

namespace Reminders.Lab.Commands;

/// <summary>The whole story on this machine, in front of whoever watches.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once")
    {
        Description = "Play once and end, instead of staying up for a look around.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the verdict as one JSON object, the last line of standard output; the story goes to standard error.",
    };

    private static readonly Option<double> DropReplies = new("--drop-replies")
    {
        Description = "The share of Telegram's replies that get lost after the message was accepted, 0 to 1.",
    };

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "Where PostgreSQL's data and the logs go.",
        DefaultValueFactory = _ => ProgramSettings.LocalFolder,
    };

    public static Command Create()
    {
        DropReplies.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError("--drop-replies must be between 0 and 1.");
            }
        });
        var command = new Command(
            "demo",
            "Two nodes, a database and a simulated Telegram on this machine, and the story of what once went wrong."
        )
        {
            Once,
            Json,
            DropReplies,
            Folder,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                DemoStory.PlayAsync(
                    new(
                        parsed.GetValue(Once),
                        parsed.GetValue(Json),
                        parsed.GetValue(DropReplies),
                        Path.GetFullPath(parsed.GetValue(Folder)!)
                    ),
                    cancellationToken
                )
        );
        return command;
    }
}
