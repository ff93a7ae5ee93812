using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary>What was sent, is to be sent, or was not. What waits for a person is <see cref="OutboxCommand"/>'s.</summary>
internal static class MessagesCommand
{
    public static Command Create() => new("messages", "Messages in whatever state: list.") { ListCommand.Messages() };
}
