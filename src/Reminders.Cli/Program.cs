using System.CommandLine;
using Npgsql;
using Reminders;
using Reminders.Cli.Commands;

var root = new RootCommand("Reminders: sends each reminder exactly once, from a cluster.")
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    BenchCommand.Create(),
    ChaosCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (SettingsException exception)
{
    foreach (var problem in exception.Problems)
        await Console.Error.WriteLineAsync($"setting {problem}");
    return 2;
}
catch (NpgsqlException exception)
{
    await Console.Error.WriteLineAsync($"the database cannot be used: {exception.Message}");
    return 3;
}
