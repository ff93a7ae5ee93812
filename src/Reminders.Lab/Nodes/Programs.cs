using System.Diagnostics;
using Reminders.Cli.Commands;

namespace Reminders.Lab.Nodes;

/// <summary>A program of this solution, as a process of its own.</summary>
internal static class Programs
{
    /// <summary>Where the one is that is deployed.</summary>
    public static string Deployed => typeof(CommandTree).Assembly.Location;

    /// <summary>The one that is deployed.</summary>
    public static ProcessStartInfo Reminders(params IEnumerable<string> arguments) => Start(Deployed, arguments);

    /// <summary>The one that tries it out.</summary>
    public static ProcessStartInfo Lab(params IEnumerable<string> arguments) => Start(typeof(Programs).Assembly.Location, arguments);

    /// <param name="program">The deployed one of any build.</param>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        // Under a test's host this program is not the one that runs, but dotnet is.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new(host, [program, .. arguments]);
    }
}
