using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Reminders.Cli.Dedupe;
using Spectre.Console;

namespace Reminders.Cli.Commands;

/// <summary>Cleans a table of what should never have been in it twice, and sees to it that it never is again.</summary>
internal static class DedupeCommand
{
    private static readonly Option<string> Table = new("--table")
    {
        Description = "Any table of the database, with its schema where that is not on the search path.",
        Required = true,
    };
    private static readonly Option<string[]> Keys = new("--keys")
    {
        Description = "What should be unique together, separated by commas: columns, or expressions such as metadata->>'customer_id'.",
    };
    private static readonly Option<Keep> Keeping = new("--keep")
    {
        Description = "Which row of several stays: oldest or newest.",
        DefaultValueFactory = _ => Keep.Oldest,
    };
    private static readonly Option<string?> Order = new("--order", "--by")
    {
        Description =
            $"The column that tells old from new. Default: the only one of {string.Join(", ", OrderColumns.LikelyNames)}, "
            + "else the primary key.",
    };
    private static readonly Option<string?> Where = new("--where")
    {
        Description = "Look only at rows with this, such as \"type = 'new_customer'\"; the index covers only those.",
    };
    private static readonly Option<string?> Prefer = new("--prefer")
    {
        Description = "Of several, keep one with this whatever its age, such as \"status = 'sent'\".",
    };
    private static readonly Option<TimeSpan?> Within = new("--within")
    {
        Description = "A row this much after the one kept before it is no duplicate: 24h, 7d, 30m. Makes no index.",
        CustomParser = ReadSpan,
    };
    private static readonly Option<bool> NoIndex = new("--no-index") { Description = "Only move the rows; add no unique index." };
    private static readonly Option<bool> Repoint = new("--repoint")
    {
        Description = "Make the rows that point at a moved one point at the kept one.",
    };
    private static readonly Option<bool> NullsEqual = new("--nulls-equal")
    {
        Description = "A NULL in a part of the key equals another. Default: it is nobody's duplicate.",
    };
    private static readonly Option<bool> EmptyCounts = new("--empty-counts")
    {
        Description = "An empty text is a value like another. Default: like NULL, it says that there is none.",
    };
    private static readonly Option<bool> Undo = new("--undo") { Description = "Put what was moved aside back, and drop the index." };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Do it. Without this, nothing is written." };
    private static readonly Option<int> Batch = new("--batch")
    {
        Description = "Rows moved in one transaction.",
        DefaultValueFactory = _ => 1000,
    };
    private static readonly Option<string?> Connection = new("--connection") { Description = "Another database than the configured one." };

    public static Command Create()
    {
        Batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError("--batch must be between 1 and 100000.");
            }
        });
        Connection.Validators.Add(result =>
        {
            if (HasPassword(result.GetValueOrDefault<string?>()))
            {
                result.AddError(
                    "--connection has a password, which everybody on this machine sees in the list of processes: leave it "
                        + "out there and give it as PGPASSWORD or in a passfile, or the whole string as ConnectionString in "
                        + "the environment."
                );
            }
        });
        var command = new Command(
            "dedupe",
            "Show a table's duplicates; with --apply, move them aside and add the UNIQUE index, without blocking writers."
        )
        {
            Table,
            Keys,
            Where,
            Prefer,
            Keeping,
            Order,
            Within,
            NullsEqual,
            EmptyCounts,
            NoIndex,
            Repoint,
            Undo,
            Apply,
            Batch,
            Connection,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(Keys) is not { Length: > 0 }) != result.GetValue(Undo))
            {
                result.AddError("Say one of --keys and --undo.");
            }
        });
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetValue(Undo),
                    new(
                        parsed.GetValue(Table)!,
                        parsed.GetValue(Keys) ?? [],
                        parsed.GetValue(Keeping),
                        parsed.GetValue(Order),
                        parsed.GetValue(Batch)
                    )
                    {
                        Where = parsed.GetValue(Where),
                        Prefer = parsed.GetValue(Prefer),
                        Within = parsed.GetValue(Within),
                        NoIndex = parsed.GetValue(NoIndex),
                        Repoint = parsed.GetValue(Repoint),
                        NullsEqual = parsed.GetValue(NullsEqual),
                        EmptyCounts = parsed.GetValue(EmptyCounts),
                    },
                    parsed.GetValue(Connection) ?? Configured(ProgramSettings.Load()),
                    parsed.GetValue(Apply),
                    cancellationToken
                )
        );
        return command;
    }

    // Past the pooler, where one is set up: a run needs a session of its own.
    private static string? Configured(IConfiguration settings) =>
        settings["DirectConnectionString"] is { Length: > 0 } direct ? direct : settings["ConnectionString"];

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

    private static async Task<int> RunAsync(
        bool undo,
        DedupeSettings settings,
        string? connectionString,
        bool apply,
        CancellationToken cancellationToken
    )
    {
        var console = AnsiConsole.Console;
        // Where nobody's window is known, a line stays a line.
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 240;
        }

        await using var connection = await Connecting.OpenAsync(connectionString, cancellationToken);
        try
        {
            Func<Func<IDedupeProgress, Task<DedupeOutcome>>, Task<DedupeOutcome>>? watched = apply
                ? run => ShownProgress.WatchAsync(console, Console.IsOutputRedirected, TimeProvider.System, run)
                : null;
            return await ReportAsync(
                undo
                    ? await Deduplication.UndoAsync(
                        connection,
                        settings.Table,
                        settings.Batch,
                        (waiting, indexes) => DedupeReport.WriteUndo(console, waiting, indexes, apply),
                        watched,
                        cancellationToken
                    )
                    : await Deduplication.RunAsync(
                        connection,
                        settings,
                        (table, survey, triggers) => DedupeReport.Write(console, table, survey, triggers, apply),
                        watched,
                        cancellationToken
                    )
            );
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                "Stopped. What was moved stays moved, and nothing is half done: run the same again, and it goes on from here."
            );
            return 1;
        }
        catch (PostgresException exception)
        {
            await Console.Error.WriteLineAsync(
                $"PostgreSQL refuses: {exception.MessageText}. What was moved stays moved: run the same again when that is mended."
            );
            return 1;
        }
    }

    private static async Task<int> ReportAsync(DedupeOutcome? outcome)
    {
        switch (outcome)
        {
            case DedupeOutcome.Done done:
                await Console.Out.WriteLineAsync(
                    $"{DedupeReport.Rows(done.Moved)} moved"
                        + (
                            done.Index is null
                                ? "; nothing keeps others from coming."
                                : $", and the unique index {done.Index} stands (attempt "
                                    + $"{done.Attempts}{(done.Guarded ? ", behind a trigger" : "")})."
                        )
                );
                return 0;
            case DedupeOutcome.Undone undone:
                await Console.Out.WriteLineAsync(
                    $"{DedupeReport.Rows(undone.Returned)} put "
                        + $"back{(undone.Dropped.Count == 0 ? "" : $", and {string.Join(", ", undone.Dropped)} dropped")}."
                );
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

    /// <summary>A number and d, h, m or s; or hours:minutes:seconds.</summary>
    private static TimeSpan? ReadSpan(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        double? perUnit = text[^1..] switch
        {
            "d" => 86_400,
            "h" => 3_600,
            "m" => 60,
            "s" => 1,
            _ => null,
        };
        var read =
            perUnit is { } seconds
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds < int.MaxValue
                ? TimeSpan.FromSeconds(number * seconds)
            : TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) ? span
            : TimeSpan.Zero;
        if (read > TimeSpan.Zero)
        {
            return read;
        }

        result.AddError($"--within is '{text}': it should be a time such as 24h, 7d, 30m or 1.12:00:00.");
        return null;
    }
}
