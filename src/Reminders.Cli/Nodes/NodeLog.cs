namespace Reminders.Cli.Nodes;

/// <summary>What a node says, from both its streams, in a file of its own; or nowhere.</summary>
internal sealed class NodeLog(string? file) : IAsyncDisposable
{
    private readonly TextWriter writer = TextWriter.Synchronized(file is null ? TextWriter.Null : new StreamWriter(file) { AutoFlush = true });

    public string? File => file;

    public string Where => file is null ? "" : $"Its log: {file}";

    public void Write(string? line)
    {
        try
        {
            if (line is not null)
                writer.WriteLine(line);
        }
        catch (ObjectDisposedException)
        {
            // The last words of a node that was given up.
        }
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
