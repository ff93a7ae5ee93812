using System.Diagnostics;

namespace Reminders.Cli.Nodes;

/// <summary>A node as an operating-system process of its own: this program's <c>serve</c>, with settings in its environment.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private Task drained = Task.CompletedTask;

    private NodeProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>How it calls itself in the cluster's tables.</summary>
    public string Name { get; private set; } = "";

    public int ExitCode => process.ExitCode;

    /// <summary>Where its API listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it and waits until it is ready. It dies with this process.</summary>
    /// <param name="output">Told each line the node writes; without it they are thrown away.</param>
    public static async Task<NodeProcess> StartAsync(
        string name, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, Action<string>? output = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [
            typeof(NodeProcess).Assembly.Location, "serve", "--urls", "http://127.0.0.1:0", "--node", name, "--until-stdin-closes"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var node = new NodeProcess(Process.Start(start)!);
        try
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bound.CancelAfter(Patience);
            while (await node.process.StandardOutput.ReadLineAsync(bound.Token) is { } line)
            {
                if (line.Split(' ') is ["ready", var address, ..])
                {
                    node.Address = new Uri(address);
                    node.Name = line.Split(' ')[^1];
                    node.drained = node.DrainAsync(output);
                    return node;
                }
                output?.Invoke(line);
            }
            throw new InvalidOperationException($"The node {name} ended with code {node.process.ExitCode} before it was ready.");
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: no word of farewell, frozen or not.</summary>
    public void Kill() => process.Kill();

    public Task WaitForExitAsync(CancellationToken cancellationToken) => process.WaitForExitAsync(cancellationToken);

    // For as long as it runs: a node that writes into a full pipe hangs in its own logging.
    private async Task DrainAsync(Action<string>? output)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            output?.Invoke(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        await drained;
        process.Dispose();
    }
}
