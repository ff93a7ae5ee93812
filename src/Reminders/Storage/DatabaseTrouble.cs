using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>
/// What a fail-over looks like from here, told apart from what is wrong with a statement, and what is done about it: a
/// session that refuses writes (25006: it leads to a server that is no primary, or one told to take none) must not be in
/// the pool, because its setting stays with it when the server has long been put right.
/// </summary>
internal sealed class DatabaseTrouble
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly List<NpgsqlDataSource> _watched = [];
    private long _cleared;

    public DatabaseTrouble(TimeProvider time)
    {
        _time = time;
        _cleared = time.GetTimestamp() - time.TimestampFrequency;
    }

    /// <summary>Whether sessions that refuse writes are turned away. A node's are; a command that only reads may read anywhere.</summary>
    public bool OnlyWritable { get; set; }

    /// <summary>A session is new: it may lead to another server than those before it.</summary>
    public event Action? Opened;

    /// <summary>Turns sessions of this pool away when they are made, and lets go of them all when one turns out to take no
    /// writes.</summary>
    public void Watch(NpgsqlDataSource pool) => _watched.Add(pool);

    /// <summary>Asked once of each new session, before anybody gets it.</summary>
    public async Task InspectAsync(NpgsqlConnection connection)
    {
        Opened?.Invoke();
        if (!OnlyWritable)
        {
            return;
        }

        await using var ask = SchemaNames.Default.Command(Question, connection);
        Judge(await ask.ExecuteScalarAsync());
    }

    /// <inheritdoc cref="InspectAsync"/>
    public void Inspect(NpgsqlConnection connection)
    {
        Opened?.Invoke();
        if (!OnlyWritable)
        {
            return;
        }

        using var ask = SchemaNames.Default.Command(Question, connection);
        Judge(ask.ExecuteScalar());
    }

    /// <summary>Tells of a failure. Where it was a session's that refuses writes, the idle ones go, and those in use when they come
    /// back.</summary>
    public void Heard(Exception exception)
    {
        if (Faults.Of(exception) != Fault.ReadOnly || _time.GetElapsedTime(Interlocked.Read(ref _cleared)) < Between)
        {
            return;
        }

        Interlocked.Exchange(ref _cleared, _time.GetTimestamp());
        _watched.ForEach(pool => pool.Clear());
    }

    private const string Question = "SELECT current_setting('default_transaction_read_only')::boolean OR pg_is_in_recovery()";

    private static void Judge(object? refuses)
    {
        if (refuses is true)
        {
            throw new PostgresException(
                "this server takes no writes: it is a standby, or default_transaction_read_only is on",
                "ERROR",
                "ERROR",
                PostgresErrorCodes.ReadOnlySqlTransaction
            );
        }
    }
}
