using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Reminders.Cli.Serving;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;

namespace Reminders.Cli;

/// <summary>What a person can do something about is one line that says what; anything else is a bug and shows all it has.</summary>
internal static class Problems
{
    public const int WrongSetting = 2;
    public const int NoDatabase = 3;
    public const int CannotRun = 4;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);

    /// <summary>What is thrown comes here, and Ctrl-C waits: a command for its statement, a demo for its nodes and its database.</summary>
    public static InvocationConfiguration LeftToUs { get; } =
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Farewell };

    /// <summary>The same for a node, which drains and then waits for what it has in flight; its own settings bound both.</summary>
    public static InvocationConfiguration LeftToTheNode { get; } =
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = ServeOptions.Longest + Farewell };

    public static async Task<int> ToExitCodeAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (SettingsException exception)
        {
            foreach (var problem in exception.Problems)
            {
                await Console.Error.WriteLineAsync($"setting {problem}");
            }

            return WrongSetting;
        }
        catch (InvalidDataException exception) when (exception.InnerException is FormatException or JsonException)
        {
            await Console.Error.WriteLineAsync($"setting appsettings.json cannot be read: {Innermost(exception).Message}");
            return WrongSetting;
        }
        catch (SchemaException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return NoDatabase;
        }
        catch (Exception exception) when (Faults.Of(exception) == Fault.SharedSession)
        {
            await Console.Error.WriteLineAsync($"setting {Faults.Say(exception)}");
            return WrongSetting;
        }
        catch (Exception exception)
            when (Database(exception) is PostgresException { SqlState: ['4', '2', ..] or PostgresErrorCodes.InvalidSchemaName } trouble)
        {
            await Console.Error.WriteLineAsync(await MissingObjects.ExplainAsync(trouble));
            return NoDatabase;
        }
        catch (Exception exception) when (Database(exception) is { } trouble)
        {
            // A server that answers is the one that was meant; only the role (28) or the database (3D) may be wrong then.
            var advice = trouble is PostgresException { SqlState: not (['2', '8', ..] or ['3', 'D', ..]) }
                ? "Try again when it is ready."
                : "Is the setting ConnectionString right (environment: ConnectionString)?";
            await Console.Error.WriteLineAsync($"the database cannot be used: {trouble.Message.TrimEnd('.')}. {advice}");
            return NoDatabase;
        }
        catch (IOException exception) when (Innermost(exception) is SocketException { SocketErrorCode: var code } && IsTaken(code))
        {
            await Console.Error.WriteLineAsync(
                $"{exception.Message.TrimEnd('.')}. Choose another with --urls, or --telegram-port for the "
                    + "sandbox; port 0 "
                    + "takes any free one."
            );
            return CannotRun;
        }
    }

    // Quartz and EF Core wrap what Npgsql threw: a database that goes away while a node starts is no bug.
    private static NpgsqlException? Database(Exception? exception) =>
        exception switch
        {
            null => null,
            NpgsqlException found => found,
            _ => Database(exception.InnerException),
        };

    private static bool IsTaken(SocketError code) =>
        code is SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
