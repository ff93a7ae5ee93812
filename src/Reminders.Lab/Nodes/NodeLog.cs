namespace Reminders.Lab.Nodes;

/// <summary>What a node says, from both its streams, in a file of its own or to whoever listens; or nowhere.</summary>
internal sealed class NodeLog(string? file, Action<string>? output) : IAsyncDisposable
{
    private readonly TextWriter _writer = TextWriter.Synchronized(
        file is null ? TextWriter.Null : new StreamWriter(file) { AutoFlush = true }
    );

    public string? File => file;

    public string Where => file is null ? "" : $"Its log: {file}";

    public void Write(string? line)
    {
        try
        {
            if (line is null)
            {
                return;
            }

            output?.Invoke(line);
            _writer.WriteLine(line);
        }
        catch (ObjectDisposedException)
        {
            // The last words of a node that was given up.
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
