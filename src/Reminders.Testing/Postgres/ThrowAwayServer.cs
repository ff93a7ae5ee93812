namespace Reminders.Testing.Postgres;

/// <summary>A server whose databases live for seconds: nothing on it has to survive anything.</summary>
internal static class ThrowAwayServer
{
    // A folder in memory on every Linux; a container may have been given a small one.
    private const string Memory = "/dev/shm";

    private const long Room = 4L << 30;

    /// <param name="folder">The name of their parent. What earlier runs left there is swept away.</param>
    public static async Task<LocalPostgres> StartAsync(string folder, CancellationToken cancellationToken = default)
    {
        var parent = Parent(folder);
        await AbandonedClusters.SweepAsync(parent, TimeProvider.System, cancellationToken);
        return await LocalPostgres.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(parent, Guid.NewGuid().ToString("N")[..12]),
                Temporary = true,
                Durable = false,
                Settings = new Dictionary<string, string>
                {
                    ["shared_buffers"] = "128MB",
                    ["max_connections"] = "300",
                    // A database is gone before it has anything to clean up; a vacuum of each in turn would only start processes.
                    ["autovacuum"] = "off",
                },
            },
            cancellationToken
        );
    }

    /// <summary>Where such servers' folders are, and are swept from when a run was killed.</summary>
    // Per user, so that root's folders do not stand in the way of the next person's run.
    public static string Parent(string folder) => Path.Combine(Place(), $"{folder}-{Environment.UserName}");

    /// <summary>
    /// Memory where there is plenty: of all that PostgreSQL does for a run of short tests, copying the 300 files of each new database
    /// on a disk was measured to be more than half.
    /// </summary>
    private static string Place() =>
        Directory.Exists(Memory)
        && new DriveInfo(Memory) is { DriveFormat: "tmpfs", AvailableFreeSpace: >= Room }
        && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= 2 * Room
            ? Memory
            : Path.GetTempPath();
}
