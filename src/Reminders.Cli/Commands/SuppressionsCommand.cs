using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary>Duplicates that were asked for and not sent.</summary>
internal static class SuppressionsCommand
{
    public static Command Create() => new("suppressions", "What was asked for again and not obeyed: list.") { ListCommand.Suppressions() };
}
