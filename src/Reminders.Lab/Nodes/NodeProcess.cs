using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reminders.Lab.Nodes;

/// <summary>
/// A node as an operating-system process of its own: this program's <c>serve</c>, with settings in its environment. It can
/// be killed like one, and it ends with its parent, whose death closes its standard input.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // A node that has not answered by then never will; a cold start on a busy machine takes some ten seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Longer than a node waits for what it has in flight.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(25);

    private const int Stop = 19,
        Continue = 18;

    private readonly Process _process;
    private readonly NodeLog _log;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(string name, ProcessStartInfo start, NodeLog log) =>
        (Name, _log, _process) = (name, log, new Process { StartInfo = start, EnableRaisingEvents = true });

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>What it calls itself in the cluster's tables: its name with a random suffix.</summary>
    public string NodeName { get; private set; } = "";

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Where its API listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What it said, if it was given a folder.</summary>
    public string? LogFile => _log.File;

    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="environment">Settings as variables: <c>Telegram__BotToken</c>.</param>
    /// <param name="folder">Where it runs, so that no appsettings.json of the user's has a say, and where its log goes. Default: here, no
    /// log.</param>
    /// <param name="output">Told each line it writes.</param>
    /// <param name="program">That of another build, instead of this one's.</param>
    public static async Task<NodeProcess> StartAsync(
        string name,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken,
        string? folder = null,
        Action<string>? output = null,
        string? program = null
    )
    {
        var start = Programs.Start(
            program ?? Programs.Deployed,
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            "--node",
            name,
            "--until-stdin-closes"
        );
        start.WorkingDirectory = folder ?? "";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = folder is not null;
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var node = new NodeProcess(name, start, new NodeLog(folder is null ? null : Path.Combine(folder, $"{name}.log"), output));
        try
        {
            await node.RunAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.KillAsync();
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no clean-up, no last words, nothing released; frozen or not.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The same, and returns when it is gone.</summary>
    public async Task KillAsync()
    {
        try
        {
            Kill();
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started, or has gone already.
        }
    }

    /// <summary>SIGSTOP: it answers nothing and closes nothing, and believes afterwards that no time has passed.</summary>
    public void Freeze() => _ = SendSignal(Id, Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => _ = SendSignal(Id, Continue);

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Lets it finish what it has in flight, and kills it when that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsAlive)
            {
                _process.StandardInput.Close();
                using var bound = new CancellationTokenSource(Farewell);
                await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await KillAsync();
            }
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Write(line.Data);
        _process.Exited += (_, _) =>
            _ready.TrySetException(
                new InvalidOperationException($"The node {Name} ended with code {_process.ExitCode} before it was ready. {_log.Where}")
            );
        _process.Start();
        _process.BeginOutputReadLine();
        if (_process.StartInfo.RedirectStandardError)
        {
            _process.BeginErrorReadLine();
        }

        Address = new Uri(await _ready.Task.WaitAsync(Patience, cancellationToken));
    }

    private void Heard(string? line)
    {
        _log.Write(line);
        if (line?.Split(' ') is not ["ready", var address, var name])
        {
            return;
        }

        NodeName = name;
        _ready.TrySetResult(address);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
