using Reminders.Lab.Nodes;

namespace Reminders.Lab.Chaos;

/// <summary>
/// A node that is kept running: whenever its process ends it is started again, as systemd would. An end that nobody
/// ordered is kept as a finding, because an outage of the database must not stop a node.
/// </summary>
/// <param name="programs">Each start is the next one's, in turn: with two builds, a node is upgraded and taken back again.</param>
internal sealed class ChaosNode(
    string label,
    DatabaseProxy proxy,
    IReadOnlyList<string> programs,
    IReadOnlyDictionary<string, string> environment,
    Action<string> output,
    TimeProvider time
) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;
    private volatile NodeProcess? _running;
    private volatile bool _ordered;
    private TimeSpan _rest;

    public string Label => label;

    public DatabaseProxy Proxy => proxy;

    /// <summary>As in the cluster's tables; null while it is not up.</summary>
    public string? Name => _running?.NodeName;

    /// <summary>How often it was up, by program.</summary>
    public Dictionary<string, int> Starts { get; } = [];

    /// <summary>Ends that nobody ordered.</summary>
    public List<string> Crashes { get; } = [];

    public Task StartAsync()
    {
        _keeping = KeepAsync();
        return _ready.Task;
    }

    /// <param name="rest">How long until it is started again.</param>
    public void Kill(TimeSpan rest)
    {
        if (_running is not { } node)
        {
            return;
        }

        (_rest, _ordered) = (rest, true);
        node.Kill();
    }

    public void Freeze() => _running?.Freeze();

    public void Resume() => _running?.Resume();

    private async Task KeepAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var program = programs[Starts.Values.Sum() % programs.Count];
                await using var node = await NodeProcess.StartAsync(label, environment, _stopping.Token, output: output, program: program);
                _running = node;
                Starts[program] = Starts.GetValueOrDefault(program) + 1;
                output($"{node.Name} is up");
                _ready.TrySetResult();
                await node.WaitForExitAsync(_stopping.Token);
                _running = null;
                if (!_ordered)
                {
                    Crashes.Add($"{node.NodeName} ended by itself with code {node.ExitCode}");
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or TimeoutException)
            {
                // It could not start, for want of a database or of time; it is tried again.
                output($"start failed: {exception.Message}");
            }
            _running = null;
            var wait = _ordered ? _rest : TimeSpan.FromSeconds(1);
            _ordered = false;
            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Resume();
        await _stopping.CancelAsync();
        await _keeping;
        await proxy.DisposeAsync();
    }
}
