namespace Reminders.Testing.Postgres;

/// <summary>Where a private cluster lives and how it is tuned.</summary>
public sealed class LocalPostgresOptions
{
    /// <summary>
    /// The cluster's own folder: data, password and settings lie inside it. Created when missing. As root, and where
    /// the account that runs the server cannot reach it, a folder under /var/tmp takes its place (see <see cref="Log"/>).
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback TCP port. Default 0: the port of the last run when it is free, otherwise any free one.</summary>
    public int Port { get; init; }

    /// <summary>Delete the whole folder when the last user is disposed. Default false.</summary>
    public bool Temporary { get; init; }

    /// <summary>
    /// Default true: a commit is on disk before it is acknowledged. False skips fsync, for throw-away tests: nothing is
    /// lost when PostgreSQL is killed, everything may be lost when the machine is.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>Made as a standby that follows this server, which is stopped for the copy; only where there is no cluster yet. Default
    /// none.</summary>
    public LocalPostgres? StandbyOf { get; init; }

    /// <summary>Server settings (postgresql.conf) that override the defaults; read when the server starts.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Told, in one sentence each, what a person may want to know: created, joined, moved elsewhere.</summary>
    public Action<string>? Log { get; init; }
}
