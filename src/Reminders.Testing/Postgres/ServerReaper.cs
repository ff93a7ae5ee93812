using System.Diagnostics;
using System.Globalization;

namespace Reminders.Testing.Postgres;

/// <summary>
/// Ends a temporary server when this process is over, however that came about: a shell waits for the end of its input, which the
/// kernel closes with the process, then stops the server at once and deletes its folder.
/// </summary>
internal static class ServerReaper
{
    // Ctrl-C goes to the whole process group: the shell outlives it by what the trap says.
    private const string Script =
        "trap '' INT TERM HUP; cat >/dev/null; kill -QUIT \"$1\"; for i in $(seq 100); do kill -0 \"$1\" || break; sleep 0.1; done; "
        + "rm -rf -- \"$2\"";

    // Their input stays open for as long as they are held here: until the process ends.
    private static readonly List<Process> Waiting = [];

    /// <returns>The shell.</returns>
    public static Process Start(int pid, string folder)
    {
        // Its output goes nowhere: a pipe of ours that it held open would keep a test runner waiting.
        var start = new ProcessStartInfo("sh", ["-c", $"exec >/dev/null 2>&1; {Script}", "sh", Text(pid), folder])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        var shell = Process.Start(start)!;
        lock (Waiting)
        {
            Waiting.Add(shell);
        }

        return shell;
    }

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
