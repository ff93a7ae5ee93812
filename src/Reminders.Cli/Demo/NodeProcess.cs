using System.Diagnostics;
using System.Globalization;

namespace Reminders.Cli.Demo;

/// <summary>
/// One node of the service as an operating-system process of its own: it can be killed like one. It ends with its parent,
/// whose death closes its standard input.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // A node that has not answered by then never will; a cold start on a busy machine takes some ten seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Longer than a node waits for what it has in flight.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(25);

    private readonly Process process;
    private readonly TextWriter log;
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(string name, Process process, TextWriter log, string logFile) =>
        (Name, this.process, this.log, LogFile) = (name, process, log, logFile);

    public string Name { get; }

    public string LogFile { get; }

    /// <summary>Where its API listens.</summary>
    public Uri Address { get; private set; } = null!;

    public int ProcessId => process.Id;

    public bool IsAlive => !process.HasExited;

    /// <param name="folder">Its working folder, so that no appsettings.json of the user's has a say; its log goes there too.</param>
    /// <param name="settings">As environment variables (<c>Telegram__BotToken</c>).</param>
    public static async Task<NodeProcess> StartAsync(
        string name, string folder, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host,
            [typeof(NodeProcess).Assembly.Location, "serve", "--urls", "http://127.0.0.1:0", "--node", name, "--until-stdin-closes"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var logFile = Path.Combine(folder, $"{name}.log");
        var log = TextWriter.Synchronized(new StreamWriter(logFile) { AutoFlush = true });
        var node = new NodeProcess(name, new Process { StartInfo = start, EnableRaisingEvents = true }, log, logFile);
        try
        {
            await node.RunAsync(cancellationToken);
            return node;
        }
        catch
        {
            node.Kill();
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no clean-up, no last words, nothing released.</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It never started, or has gone already.
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsAlive)
            {
                process.StandardInput.Close();
                using var bound = new CancellationTokenSource(Farewell);
                await process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }
        process.Dispose();
        await log.DisposeAsync();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException(
            $"Node {Name} ended before it was ready, with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}. Its log: {LogFile}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Address = new Uri(await ready.Task.WaitAsync(Patience, cancellationToken));
    }

    private void Heard(string? line)
    {
        Write(line);
        if (line?.Split(' ') is ["ready", var address, _])
            ready.TrySetResult(address);
    }

    private void Write(string? line)
    {
        if (line is null)
            return;
        try
        {
            log.WriteLine(line);
        }
        catch (ObjectDisposedException)
        {
            // The last words of a node that was given up.
        }
    }
}
