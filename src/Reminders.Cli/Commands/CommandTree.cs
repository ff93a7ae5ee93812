using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary>Everything that can be typed.</summary>
internal static class CommandTree
{
    public static RootCommand Create() =>
        new("Reminders: sends each reminder exactly once, from a cluster.")
        {
            ServeCommand.Create(),
            MigrateCommand.Create(),
            BookingsCommand.Create(),
            PeopleCommand.Create(),
            OutboxCommand.Create(),
            HoldCommand.Create(),
            AnswersCommand.Create(),
            EventsCommand.Create(),
            MessagesCommand.Create(),
            SuppressionsCommand.Create(),
            ChannelsCommand.Create(),
            KindsCommand.Create(),
            TextsCommand.Create(),
            NodesCommand.Create(),
            TriggersCommand.Create(),
            FindCommand.Create(),
            ExplainCommand.Create(),
            DoctorCommand.Create(),
            KeysCommand.Create(),
            AccountsCommand.Create(),
            AuditCommand.Create(),
            DedupeCommand.Create(),
            ImportCommand.Create(),
            CompletionCommand.Create(),
            SpokenOption.Language,
        };
}
