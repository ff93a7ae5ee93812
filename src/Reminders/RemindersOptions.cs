namespace Reminders;

/// <summary>The engine's own settings, at the root of the configuration.</summary>
public sealed class RemindersOptions
{
    /// <summary>
    /// The PostgreSQL 15 (or newer) database the whole cluster shares, as Npgsql takes it
    /// (<c>Host=…;Username=…;Password=…;Database=…</c>). Required.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>What operators call this machine; a random suffix makes each process distinct. Default: the host's name.</summary>
    public string NodeName { get; set; } = Environment.MachineName;

    /// <summary>Whether a node brings the database to its schema when it starts. Default true; false where DDL is done by others.</summary>
    public bool MigrateAtStart { get; set; } = true;
}

/// <summary>A setting is missing or wrong. The message has one line per setting, which names it and what it should be.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>One line per setting.</summary>
    public IReadOnlyList<string> Problems => problems;
}
