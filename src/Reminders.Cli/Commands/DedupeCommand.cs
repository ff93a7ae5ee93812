using System.CommandLine;
using Npgsql;
using Reminders.Cli.Dedupe;
using Spectre.Console;

namespace Reminders.Cli.Commands;

/// <summary>Cleans a table of what should never have been in it twice, and sees to it that it never is again.</summary>
internal static class DedupeCommand
{
    private static readonly Option<string> Table = new("--table") { Description = "Any table of the database, with its schema where that is not on the search path.", Required = true };
    private static readonly Option<string[]> Keys = new("--keys") { Description = "The columns that should be unique together, separated by commas.", Required = true };
    private static readonly Option<Keep> Keeping = new("--keep") { Description = "Which row of several stays: oldest or newest.", DefaultValueFactory = _ => Keep.Oldest };
    private static readonly Option<string?> Order = new("--order") { Description = $"The column that tells old from new. Default: the only one of {string.Join(", ", OrderColumns.LikelyNames)}, else the primary key." };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Do it. Without this, nothing is written." };
    private static readonly Option<int> Batch = new("--batch") { Description = "Rows moved in one transaction.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<string?> Connection = new("--connection") { Description = "Another database than the configured one." };

    public static Command Create()
    {
        Batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
                result.AddError("--batch must be between 1 and 100000.");
        });
        Connection.Validators.Add(result =>
        {
            if (HasPassword(result.GetValueOrDefault<string?>()))
                result.AddError("--connection has a password, which everybody on this machine sees in the list of processes: leave it out there and give it as PGPASSWORD or in a passfile, or the whole string as ConnectionString in the environment.");
        });
        var command = new Command("dedupe", "Show a table's duplicates; with --apply, move them aside and add the UNIQUE index, without blocking writers.")
        {
            Table, Keys, Keeping, Order, Apply, Batch, Connection,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new(parsed.GetValue(Table)!, parsed.GetValue(Keys)!, parsed.GetValue(Keeping), parsed.GetValue(Order), parsed.GetValue(Batch)),
            parsed.GetValue(Connection) ?? Settings.Load()["ConnectionString"], parsed.GetValue(Apply), cancellationToken));
        return command;
    }

    private static bool HasPassword(string? connectionString)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Password);
        }
        catch (ArgumentException)
        {
            return false; // Connecting says what is wrong with it.
        }
    }

    private static async Task<int> RunAsync(DedupeSettings settings, string? connectionString, bool apply, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Console;
        // Where nobody's window is known, a line stays a line.
        if (Console.IsOutputRedirected)
            console.Profile.Width = 240;
        await using var connection = await Connecting.OpenAsync(connectionString, cancellationToken);
        try
        {
            var outcome = await Deduplication.RunAsync(
                connection, settings, (table, survey, triggers) => DedupeReport.Write(console, table, survey, triggers, apply),
                apply ? run => ShownProgress.WatchAsync(console, Console.IsOutputRedirected, TimeProvider.System, run) : null, cancellationToken);
            return await ReportAsync(outcome);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. What was moved stays moved, and nothing is half done: run the same again, and it goes on from here.");
            return 1;
        }
        catch (PostgresException exception)
        {
            await Console.Error.WriteLineAsync($"PostgreSQL refuses: {exception.MessageText}. What was moved stays moved: run the same again when that is mended.");
            return 1;
        }
    }

    private static async Task<int> ReportAsync(DedupeOutcome? outcome)
    {
        switch (outcome)
        {
            case DedupeOutcome.Done done:
                await Console.Out.WriteLineAsync(
                    $"{DedupeReport.Number(done.Moved)} rows were moved, and the unique index {done.Index} stands (attempt {done.Attempts}{(done.Guarded ? ", behind a trigger" : "")}).");
                return 0;
            case DedupeOutcome.NothingToDo nothing:
                await Console.Out.WriteLineAsync($"Nothing to do: {nothing.Why}");
                return 0;
            case DedupeOutcome.Refused refused:
                await Console.Error.WriteLineAsync(refused.Why);
                return 1;
            default:
                return 0;
        }
    }
}
