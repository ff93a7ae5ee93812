using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace Reminders.Lab.Bench;

/// <summary>A queue for Node.js, from its registry: see bench/peers/README.md.</summary>
internal sealed class NpmPeer(string name) : IPeer
{
    // Beside the build, as its packages are: both can be thrown away.
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "peers");

    public string Name => name;

    public int Most => int.MaxValue;

    /// <summary>Fetches what the peers are made of, where it is not there yet.</summary>
    public static async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            return;
        }

        // Scripts: the package called node fetches the program itself by one.
        var start = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts=false", "--loglevel=error"])
        {
            WorkingDirectory = Folder,
            // What the bench prints is its result and nothing else.
            RedirectStandardOutput = true,
        };
        Process npm;
        try
        {
            npm = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new PeerException("npm is missing, and the peers come from its registry: apt-get install npm.");
        }

        using (npm)
        {
            await npm.StandardOutput.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new PeerException($"npm could not install the peers: it ended with code {npm.ExitCode}.");
            }
        }
    }

    public async Task FillAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        using var fill = Process.Start(Start(connectionString, new("http://127.0.0.1"), 1, "fill", $"{count}"))!;
        await fill.WaitForExitAsync(cancellationToken);
        if (fill.ExitCode != 0)
        {
            throw new PeerException($"{name} could not be filled: it ended with code {fill.ExitCode}.");
        }
    }

    public ProcessStartInfo Worker(string connectionString, Uri sendMessage, int inFlight) =>
        Start(connectionString, sendMessage, inFlight);

    private ProcessStartInfo Start(string connectionString, Uri sendMessage, int inFlight, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Folder, "node_modules", "node", "bin", "node"),
            [Path.Combine(Folder, $"{name}.mjs"), .. arguments]
        )
        {
            WorkingDirectory = Folder,
        };
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var account = $"{Uri.EscapeDataString(database.Username!)}:{Uri.EscapeDataString(database.Password!)}";
        start.Environment["DATABASE_URL"] = $"postgres://{account}@{database.Host}:{database.Port}/{database.Database}";
        start.Environment["SEND_MESSAGE"] = sendMessage.ToString();
        start.Environment["IN_FLIGHT"] = $"{inFlight}";
        return start;
    }
}
