using System.Diagnostics;
using Reminders.Lab.Nodes;

namespace Reminders.Integration.Tests.Support;

/// <summary>The command line as an operator runs it: a process of its own, with its settings in the environment.</summary>
internal static class CommandLine
{
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(string connectionString, params string[] arguments) =>
        RunAsync(connectionString, new Dictionary<string, string>(), arguments);

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string? connectionString,
        IReadOnlyDictionary<string, string> settings,
        params string[] arguments
    )
    {
        var start = Programs.Reminders(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        if (connectionString is not null)
        {
            start.Environment["ConnectionString"] = connectionString;
        }

        start.Environment["Telegram__BotToken"] = "123456789:AAtest-token";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
