using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Tests.Storage;

/// <summary>However many loops say it how often: a line when it begins, one a minute, one when it is over.</summary>
public sealed class OutagesTests : TimeProvider, ILogger<Outages>
{
    private readonly ConcurrentQueue<string> _lines = new();
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    [Fact]
    public void Ten_minutes_of_a_dozen_loops_without_a_database_are_eleven_lines()
    {
        var outages = new Outages(new DatabaseTrouble(this), this, this);
        for (_now = TimeSpan.FromSeconds(1); _now < TimeSpan.FromSeconds(601); _now += TimeSpan.FromMilliseconds(500))
        {
            for (var loop = 0; loop < 12; loop++)
            {
                outages.Failed($"loop {loop}", loop % 2 == 0 ? Away() : new InvalidOperationException("wrapped", Away()));
            }

            Assert.True(outages.IsDatabaseAway);
        }
        outages.Works("loop 1"); // not yet the database's word
        outages.DatabaseWorks();
        outages.DatabaseWorks();
        Assert.Equal(11, _lines.Count);
        Assert.All(_lines, line => Assert.StartsWith("The database ", line, StringComparison.Ordinal));
        Assert.Contains("works again after 00:10:00", _lines.Last(), StringComparison.Ordinal);
        Assert.True(outages.IsDatabaseAway);
        _now += TimeSpan.FromSeconds(20);
        Assert.False(outages.IsDatabaseAway);
    }

    [Fact]
    public void What_comes_and_goes_every_second_is_said_once_a_minute_too()
    {
        var outages = new Outages(new DatabaseTrouble(this), this, this);
        for (; _now < TimeSpan.FromMinutes(10); _now += TimeSpan.FromSeconds(1))
        {
            outages.Failed("Updates", "502");
            outages.Works("Updates");
        }
        Assert.Equal(20, _lines.Count);
    }

    [Fact]
    public void A_refusal_is_its_loops_and_not_the_databases()
    {
        var outages = new Outages(new DatabaseTrouble(this), this, this);
        outages.Failed("Reconciling", new PostgresException("no such table", "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable));
        Assert.False(outages.IsDatabaseAway);
        outages.Failed("Reconciling", new PostgresException("going down", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown));
        Assert.True(outages.IsDatabaseAway);
        Assert.Collection(
            _lines,
            line => Assert.StartsWith("Reconciling fails", line, StringComparison.Ordinal),
            line => Assert.StartsWith("The database fails", line, StringComparison.Ordinal)
        );
    }

    private static NpgsqlException Away() => new("Failed to connect", new System.Net.Sockets.SocketException(111));

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;
}
