using Npgsql;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Crashes;

/// <summary>
/// A place in the engine's path where a node can be killed: the database itself holds the node up there, in the middle of
/// the statement, until the test lets go. Nothing in the engine knows of it.
/// </summary>
/// <param name="Name">What was about to be written.</param>
/// <param name="Trigger">When and on what a trigger called <c>crash</c> stops, up to its action.</param>
/// <param name="Started">Whether a first byte may have left by then, so that a doubt is an honest end.</param>
/// <param name="Limited">Whether the channel has limits, so that a message is fired, claimed and started one after another.</param>
public sealed record CrashPoint(string Name, string Trigger, bool Started = false, bool Limited = false)
{
    public static readonly CrashPoint[] All =
    [
        new("the approval", "BEFORE UPDATE ON reminders.subject"),
        new("the ledger", "BEFORE INSERT ON reminders.occurrence"),
        new("the instant", "BEFORE INSERT ON reminders.instant"),
        new("the suppression", "BEFORE INSERT ON reminders.suppression"),
        new("the approval's commit", "CONSTRAINT AFTER UPDATE ON reminders.subject DEFERRABLE INITIALLY DEFERRED"),
        new("the trigger", "BEFORE INSERT ON quartz.qrtz_triggers"),
        new("the acquired trigger", "BEFORE INSERT ON quartz.qrtz_fired_triggers"),
        new("the firing", "BEFORE UPDATE ON reminders.occurrence", Limited: true),
        new("the outbox", "BEFORE INSERT ON reminders.outbox", Limited: true),
        new("the claim", "BEFORE UPDATE ON reminders.outbox", Limited: true),
        new("the start", "BEFORE UPDATE OF send_started_at ON reminders.outbox", Started: true, Limited: true),
        new("the take", "BEFORE UPDATE ON reminders.occurrence", Started: true),
        new("what was taken", "BEFORE INSERT ON reminders.outbox", Started: true),
        new("the outcome", "BEFORE UPDATE OF provider_message_id ON reminders.outbox", Started: true),
    ];

    // Only what this point is about: an UPDATE OF a column fires for any value, also for the one it had.
    private string When =>
        Name switch
        {
            "the firing" or "the take" => "WHEN (NEW.state = 'fired')",
            "the claim" => "WHEN (NEW.state = 'sending' AND OLD.state <> 'sending')",
            "the start" => "WHEN (NEW.send_started_at IS NOT NULL AND OLD.send_started_at IS NULL)",
            "the outcome" => "WHEN (NEW.state = 'sent')",
            _ => "",
        };

    public override string ToString() => Name;

    /// <summary>Closes the gate: whoever comes by now waits in it.</summary>
    public async Task<Gate> CloseAsync(Cluster cluster)
    {
        var constraint = Trigger.StartsWith("CONSTRAINT ", StringComparison.Ordinal);
        await cluster.ExecuteAsync(
            $"""
            CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                PERFORM pg_advisory_xact_lock_shared({Gate.Lock}); RETURN NEW; END $$;
            CREATE {(constraint ? "CONSTRAINT " : "")}TRIGGER crash {Trigger.Replace("CONSTRAINT ", "", StringComparison.Ordinal)}
            FOR EACH ROW {When} EXECUTE FUNCTION crash();
            """
        );
        return await Gate.CloseAsync(cluster);
    }
}

/// <summary>The lock a crash point waits for, held by a connection of the test's own.</summary>
public sealed class Gate : IAsyncDisposable
{
    public const int Lock = 4711;

    // The view shows the whole server's, and other tests have gates in databases of their own.
    private const string Waits = """
        locktype = 'advisory' AND NOT granted AND objid = 4711 AND database = (SELECT oid FROM pg_database
            WHERE datname = current_database())
        """;

    private readonly Cluster _cluster;
    private readonly NpgsqlConnection _connection;

    private Gate(Cluster cluster, NpgsqlConnection connection) => (_cluster, _connection) = (cluster, connection);

    public static async Task<Gate> CloseAsync(Cluster cluster)
    {
        var connection = await cluster.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({Lock})", connection);
        await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new(cluster, connection);
    }

    /// <summary>Returns when somebody stands before it.</summary>
    public Task SomebodyWaitsAsync(TimeSpan patience) =>
        _cluster.UntilAsync($"SELECT EXISTS (SELECT FROM pg_locks WHERE {Waits})", patience);

    /// <summary>Ends the sessions that wait, as a machine that is gone loses them: what they were about to write is rolled back.</summary>
    public Task CutAsync() => _cluster.ExecuteAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE {Waits}");

    /// <summary>Opens it: a server whose client is dead goes on with the statement it has, and commits it if that was all.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var open = new NpgsqlCommand($"SELECT pg_advisory_unlock_all()", _connection))
        {
            await open.ExecuteNonQueryAsync();
        }

        await _connection.DisposeAsync();
    }
}
