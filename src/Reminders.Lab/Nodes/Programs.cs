using System.Diagnostics;
using Reminders.Cli.Commands;

namespace Reminders.Lab.Nodes;

/// <summary>A program of this solution, as a process of its own.</summary>
internal static class Programs
{
    /// <summary>The one that is deployed.</summary>
    public static ProcessStartInfo Reminders(params IEnumerable<string> arguments) => Start(typeof(CommandTree), arguments);

    /// <summary>The one that tries it out.</summary>
    public static ProcessStartInfo Lab(params IEnumerable<string> arguments) => Start(typeof(Programs), arguments);

    private static ProcessStartInfo Start(Type within, IEnumerable<string> arguments)
    {
        // Under a test's host this program is not the one that runs, but dotnet is.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new(host, [within.Assembly.Location, .. arguments]);
    }
}
