using System.Diagnostics;
using System.Globalization;

namespace Reminders.Testing.Postgres;

/// <summary>What postmaster.pid says, believed only when that process is this cluster's server.</summary>
internal sealed record RunningServer(int Pid, int Port)
{
    /// <summary>Null: nothing runs. A pid file left by a killed server, or by a pid since given to another program, is deleted.</summary>
    public static RunningServer? Find(ClusterFolder folder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(folder.PidFile);
        }
        catch (IOException)
        {
            return null;
        }

        // Line 1 is the pid, 2 the data folder as the server was told it, 4 the port (PostgreSQL's miscadmin.h); a file cut
        // short belongs to nobody alive.
        if (
            lines.Length >= 4
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)
            && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
            && IsServerOf(pid, lines[1])
        )
        {
            return new(pid, port);
        }

        // The server itself refuses to start when the pid lives, whoever has it by now.
        File.Delete(folder.PidFile);
        return null;
    }

    private static bool IsServerOf(int pid, string data)
    {
        var commandLine = $"/proc/{pid}/cmdline";
        try
        {
            if (Directory.Exists("/proc/self"))
            {
                // A zombie that nobody reaps still has a pid, but an empty command line.
                return File.ReadAllText(commandLine).Split('\0') is [var program, .. var words]
                    && program.Contains("postgres", StringComparison.Ordinal)
                    && words.Contains(data);
            }

            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
