using System.Diagnostics;

namespace Reminders.Cli.Nodes;

internal static class ThisProgram
{
    /// <summary>This program once more, as a process of its own, with other arguments.</summary>
    public static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        // Under a test's host this program is not the one that runs, but dotnet is.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new(host, [typeof(ThisProgram).Assembly.Location, .. arguments]);
    }
}
