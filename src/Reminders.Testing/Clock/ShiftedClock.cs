using Npgsql;
using NpgsqlTypes;

namespace Reminders.Testing.Clock;

/// <summary>
/// The one clock of a test: the database's, which the engine asks, and a <see cref="TimeProvider"/> that says the same to
/// whoever asks the node. It goes on by itself as real time does, and is moved forward by hand. Timers and stopwatches stay real.
/// </summary>
internal sealed class ShiftedClock(string connectionString) : TimeProvider, IAsyncDisposable
{
    /// <summary>Before PostgreSQL's own functions, and behind public: what an app creates without a schema belongs there.</summary>
    public const string SearchPath = "public, shifted_clock, pg_catalog";

    private const string Set = """
        UPDATE shifted_clock.shift
        SET microseconds = {0} (extract(epoch FROM $1 - pg_catalog.clock_timestamp()) * 1000000)::bigint {1}
        RETURNING microseconds
        """;

    private static readonly string Begin = Set.Replace("{0}", "").Replace("{1}", "");
    private static readonly string Forward = Set.Replace("{0}", "greatest(microseconds,").Replace("{1}", ")");

    private readonly NpgsqlDataSource _source = SourceOf(connectionString);
    private long _ticks;

    /// <summary>What makes it, as a script for an empty database.</summary>
    public static string Script()
    {
        using var file = typeof(ShiftedClock).Assembly.GetManifestResourceStream("shifted-clock.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>The instant a test begins at, which may be long ago.</summary>
    public Task BeginAtAsync(DateTimeOffset instant, CancellationToken cancellationToken) => ShiftAsync(Begin, instant, cancellationToken);

    /// <summary>Moves it forward; nothing happens where that instant is over.</summary>
    public Task MoveToAsync(DateTimeOffset instant, CancellationToken cancellationToken) => ShiftAsync(Forward, instant, cancellationToken);

    /// <summary>The database's time, which on a server elsewhere may differ a little from <see cref="GetUtcNow"/>.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var ask = _source.CreateCommand("SELECT shifted_clock.clock_timestamp()");
        return new((DateTime)(await ask.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Leaves the database, so that it can be dropped.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task ShiftAsync(string statement, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var shift = _source.CreateCommand(statement);
        shift.Parameters.Add(new() { Value = instant.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var microseconds = (long)(await shift.ExecuteScalarAsync(cancellationToken))!;
        Interlocked.Exchange(ref _ticks, microseconds * TimeSpan.TicksPerMicrosecond);
    }

    // Few and its own: a new one would ask for the database's types first.
    private static NpgsqlDataSource SourceOf(string connectionString) =>
        new NpgsqlDataSourceBuilder(connectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
}
