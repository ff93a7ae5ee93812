using Reminders.Cli;
using Reminders.Cli.Commands;

return await Problems.ToExitCodeAsync(() => CommandTree.Create().Parse(args).InvokeAsync(Problems.LeftToUs));
