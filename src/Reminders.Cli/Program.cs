using Reminders.Cli;
using Reminders.Cli.Commands;

return await Problems.ToExitCodeAsync(() =>
{
    var parsed = CommandTree.Create().Parse(args);
    Engine.Words = parsed.TableWords();
    var isNode = parsed.CommandResult.Command.Name == ServeCommand.Name;
    return parsed.InvokeAsync(isNode ? Problems.LeftToTheNode : Problems.LeftToUs);
});
