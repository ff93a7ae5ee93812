using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Reminders.Lab.Nodes;

namespace Reminders.Integration.Tests.Support;

/// <summary>The command <c>serve</c> on a cluster's database, in a process and a folder of its own; what it says is kept.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServeProcess(Process process) => _process = process;

    /// <summary>The lines of its standard output.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>The lines of its standard error.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public Uri Address => _ready.Task.Result;

    /// <summary>Returns when it is ready.</summary>
    public static async Task<ServeProcess> StartAsync(Cluster cluster, string folder, params (string Key, string Value)[] settings)
    {
        var served = Run(cluster, folder, settings);
        try
        {
            await served._ready.Task.WaitAsync(Patience);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>One that is not expected to start.</summary>
    public static async Task<(int ExitCode, string[] Errors)> FailAsync(
        Cluster cluster,
        string folder,
        params (string Key, string Value)[] settings
    )
    {
        await using var served = Run(cluster, folder, settings);
        // A node that starts all the same ends at once.
        served._process.StandardInput.Close();
        return (await served.EndAsync(), [.. served.Errors]);
    }

    /// <summary>As systemd, Docker and Kubernetes ask a process to end.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(25));
            await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _process.Kill();
        }
        _process.Dispose();
    }

    private static ServeProcess Run(Cluster cluster, string folder, (string Key, string Value)[] settings)
    {
        var start = Programs.Reminders("serve", "--until-stdin-closes", "--urls", "http://127.0.0.1:0");
        (start.WorkingDirectory, start.RedirectStandardInput) = (folder, true);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var (key, value) in cluster.Settings.Select(one => (one.Key, Value: one.Value ?? "")).Concat(settings))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var served = new ServeProcess(process);
        process.OutputDataReceived += (_, line) => served.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => served.Errors.Enqueue(line.Data ?? "");
        process.Exited += (_, _) =>
            served._ready.TrySetException(new InvalidOperationException($"serve ended: {string.Join('\n', served.Errors)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return served;
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        Lines.Enqueue(line);
        // The last line of its start, in whichever form the log has.
        var said = line.StartsWith('{') ? (string?)JsonNode.Parse(line)!["Message"] : line;
        if (said?.Split(' ') is ["ready", var address, _])
        {
            _ready.TrySetResult(new Uri(address));
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
