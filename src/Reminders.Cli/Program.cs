using System.CommandLine;
using Reminders.Cli;
using Reminders.Cli.Commands;

var root = new RootCommand("Reminders: sends each reminder exactly once, from a cluster.")
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    DemoCommand.Create(),
    SandboxCommand.Create(),
    BookingsCommand.Create(),
    PeopleCommand.Create(),
    OutboxCommand.Create(),
    ChannelsCommand.Create(),
    ExplainCommand.Create(),
    DoctorCommand.Create(),
    KeysCommand.Create(),
    AuditCommand.Create(),
    BenchCommand.Create(),
    ChaosCommand.Create(),
    DedupeCommand.Create(),
};

return await Problems.ToExitCodeAsync(() => root.Parse(args).InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // Ctrl-C: a node waits for what it has in flight, the demo for its nodes and its database.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
}));
