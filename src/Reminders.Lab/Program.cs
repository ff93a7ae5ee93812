using Reminders.Cli;
using Reminders.Lab.Bench;
using Reminders.Lab.Commands;
using Reminders.Testing.Postgres;

return await Problems.ToExitCodeAsync(async () =>
{
    try
    {
        return await LabCommandTree.Create().Parse(args).InvokeAsync(Problems.LeftToUs);
    }
    catch (Exception exception) when (exception is LocalPostgresException or PeerException)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return Problems.CannotRun;
    }
});
