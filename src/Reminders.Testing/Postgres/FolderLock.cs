using System.Diagnostics;

namespace Reminders.Testing.Postgres;

/// <summary>
/// Locks on a cluster's folder, by flock: the kernel releases them when a process dies, however it dies.
/// <list type="bullet">
/// <item><c>change.lock</c>, exclusive: one process at a time creates, starts or stops.</item>
/// <item><c>users.lock</c>, shared: held by everyone who uses the server; who can take it exclusively is the last.</item>
/// </list>
/// </summary>
internal static class FolderLock
{
    public static async Task<IDisposable> ChangeAsync(string root, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryOpen(Path.Combine(root, "change.lock"), exclusive: true) is { } held)
            {
                return held;
            }

            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
            {
                throw new LocalPostgresException($"Another process has been starting or stopping the cluster in {root} for two minutes.");
            }

            await Task.Delay(50, ct);
        }
    }

    public static IDisposable Use(string root) =>
        TryOpen(Path.Combine(root, "users.lock"), exclusive: false)
        ?? throw new LocalPostgresException($"The cluster in {root} is being deleted.");

    /// <summary>Null while somebody else uses the server.</summary>
    public static IDisposable? TryBeLast(string root) => TryOpen(Path.Combine(root, "users.lock"), exclusive: true);

    private static FileStream? TryOpen(string path, bool exclusive)
    {
        try
        {
            // .NET asks for LOCK_SH only for a file opened for reading alone, so the file must be there already.
            if (!exclusive && !File.Exists(path))
            {
                using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite)) { }
            }

            return exclusive
                ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }
}
