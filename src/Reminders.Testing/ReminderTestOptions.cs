namespace Reminders.Testing;

/// <summary>What a test host may be told besides what the app registers.</summary>
public sealed class ReminderTestOptions
{
    /// <summary>The environment variable that <see cref="Server"/> defaults to.</summary>
    public const string ServerVariable = "REMINDERS_TEST_SERVER";

    /// <summary>
    /// A connection string to a PostgreSQL server (15 or newer), as a role that may create databases; its <c>Database</c> is not
    /// used. Default: the environment variable <c>REMINDERS_TEST_SERVER</c>, and without that a private server of this process,
    /// from the installed programs.
    /// </summary>
    public string? Server { get; init; } = Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given ? given : null;

    /// <summary>Which installation is tested, where the app has several. Default: the one without a name.</summary>
    public string? Installation { get; init; }

    /// <summary>What time it is when the test begins, in the past or in the future. Default: now.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Ends whatever a call of the host waits for, such as the token of the test. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }
}
