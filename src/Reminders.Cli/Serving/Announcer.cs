using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Reminders.Cli.Serving;

/// <summary>
/// What <c>serve</c> says to whoever started it: lines for a person or a parent process, and where the log is in JSON lines of the
/// log, because who reads that takes no others.
/// </summary>
internal sealed partial class Announcer(IConfiguration configuration, ILogger<Announcer> logger)
{
    private readonly bool _isJson = ConsoleFormatterNames.Json.Equals(configuration[PlainLines.Chosen], StringComparison.OrdinalIgnoreCase);

    public async Task ReadyAsync(string address, string node)
    {
        if (_isJson)
        {
            LogReady(address, node);
            return;
        }

        await Console.Out.WriteLineAsync($"ready {address} {node}");
    }

    /// <summary>While nobody has an account. Never in a log, which others read.</summary>
    public async Task InviteAsync(string address, string code)
    {
        if (_isJson)
        {
            LogInvite();
            return;
        }

        await Console.Error.WriteLineAsync($"Nobody has an account yet: {address} makes the first, with the code {code} (one hour, once).");
    }

    public async Task WarnAsync(string warning)
    {
        if (_isJson)
        {
            LogWarning(warning);
            return;
        }

        await Console.Error.WriteLineAsync(warning);
    }

    [LoggerMessage(9002, LogLevel.Information, "ready {Address} {Node}")]
    private partial void LogReady(string address, string node);

    [LoggerMessage(9004, LogLevel.Information, "Nobody has an account yet: reminders accounts invite --role administrator prints a code")]
    private partial void LogInvite();

    [LoggerMessage(9003, LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);
}
