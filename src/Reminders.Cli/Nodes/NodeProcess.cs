using System.Diagnostics;

namespace Reminders.Cli.Nodes;

/// <summary>A node as an operating-system process of its own: this program's <c>serve</c>, with settings in its environment.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private NodeProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Where its API listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it and waits until it is ready. It dies with this process.</summary>
    public static async Task<NodeProcess> StartAsync(string name, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
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
                    return node;
                }
            }
            throw new InvalidOperationException($"The node {name} ended with code {node.process.ExitCode} before it was ready.");
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
