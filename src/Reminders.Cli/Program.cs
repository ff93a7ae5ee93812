using System.CommandLine;
using Reminders.Cli;
using Reminders.Cli.Commands;

return await Problems.ToExitCodeAsync(() => CommandTree.Create().Parse(args).InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // Ctrl-C: a node waits for what it has in flight, the demo for its nodes and its database.
    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
}));
