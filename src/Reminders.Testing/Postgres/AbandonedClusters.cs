namespace Reminders.Testing.Postgres;

/// <summary>Removes temporary clusters whose process was killed before it could dispose them.</summary>
internal static class AbandonedClusters
{
    // A folder is made a moment before its first lock is taken; younger ones are left alone.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <param name="parent">A folder that holds temporary clusters, one per folder, and nothing else.</param>
    /// <param name="time">Compared with the folders' creation times.</param>
    public static async Task SweepAsync(string parent, TimeProvider time, CancellationToken ct = default)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var path in Directory.GetDirectories(parent))
        {
            if (time.GetUtcNow() - Directory.GetCreationTimeUtc(path) < Grace || !File.Exists(Path.Combine(path, "users.lock")))
            {
                continue;
            }

            try
            {
                using var change = await FolderLock.ChangeAsync(path, ct);
                using var last = FolderLock.TryBeLast(path);
                if (last is null)
                {
                    continue;
                }

                await (await Server.ForAsync(new ClusterFolder(path), ct)).StopAsync(ShutdownMode.Immediate);
                Directory.Delete(path, recursive: true);
            }
            // Somebody else's, or being swept by a neighbour: never a reason for a test run to fail.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LocalPostgresException) { }
        }
    }
}
