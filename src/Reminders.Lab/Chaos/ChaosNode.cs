using System.Runtime.InteropServices;
using Reminders.Lab.Nodes;

namespace Reminders.Lab.Chaos;

/// <summary>
/// A node that is kept running: whenever its process ends it is started again, as systemd would. An end that nobody
/// ordered is kept as a finding, because an outage of the database must not stop a node.
/// </summary>
internal sealed class ChaosNode(
    string label, DatabaseProxy proxy, IReadOnlyDictionary<string, string> environment, Action<string> output, TimeProvider time) : IAsyncDisposable
{
    private const int Stop = 19, Continue = 18;

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task keeping = Task.CompletedTask;
    private volatile NodeProcess? running;
    private volatile bool ordered;
    private TimeSpan rest;

    public string Label => label;

    public DatabaseProxy Proxy => proxy;

    /// <summary>As in the cluster's tables; null while it is not up.</summary>
    public string? Name => running?.NodeName;

    /// <summary>Ends that nobody ordered.</summary>
    public List<string> Crashes { get; } = [];

    public Task StartAsync()
    {
        keeping = KeepAsync();
        return ready.Task;
    }

    /// <param name="rest">How long until it is started again.</param>
    public void Kill(TimeSpan rest)
    {
        if (running is not { } node)
            return;
        (this.rest, ordered) = (rest, true);
        node.Kill();
    }

    public void Freeze() => Signal(Stop);

    public void Resume() => Signal(Continue);

    private async Task KeepAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var node = await NodeProcess.StartAsync(label, environment, stopping.Token, output: output);
                running = node;
                output($"{node.Name} is up");
                ready.TrySetResult();
                await node.WaitForExitAsync(stopping.Token);
                running = null;
                if (!ordered)
                    Crashes.Add($"{node.NodeName} ended by itself with code {node.ExitCode}");
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or TimeoutException)
            {
                // It could not start, for want of a database or of time; it is tried again.
                output($"start failed: {exception.Message}");
            }
            running = null;
            var wait = ordered ? rest : TimeSpan.FromSeconds(1);
            ordered = false;
            await Task.Delay(wait, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Signal(int signal)
    {
        if (running is { } node)
            _ = SendSignal(node.Id, signal);
    }

    public async ValueTask DisposeAsync()
    {
        Resume();
        await stopping.CancelAsync();
        await keeping;
        await proxy.DisposeAsync();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
