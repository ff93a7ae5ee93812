using Npgsql;
using Reminders.Storage;

namespace Reminders.Tests.Storage;

/// <summary>What each SQLSTATE means, once for loops, isolation and the API.</summary>
public sealed class FaultsTests
{
    [Theory]
    [InlineData("23505", nameof(Fault.Refusal))]
    [InlineData("22021", nameof(Fault.Refusal))]
    [InlineData("22007", nameof(Fault.Refusal))]
    [InlineData("42P01", nameof(Fault.Refusal))]
    [InlineData("42501", nameof(Fault.Refusal))]
    [InlineData("P0001", nameof(Fault.Refusal))]
    [InlineData("3F000", nameof(Fault.Refusal))]
    [InlineData("XX000", nameof(Fault.Refusal))]
    [InlineData("40001", nameof(Fault.Contention))]
    [InlineData("40P01", nameof(Fault.Contention))]
    [InlineData("55P03", nameof(Fault.Contention))]
    [InlineData("25P02", nameof(Fault.Contention))]
    [InlineData("57014", nameof(Fault.GivenUp))]
    [InlineData("25006", nameof(Fault.ReadOnly))]
    [InlineData("08006", nameof(Fault.Away))]
    [InlineData("28000", nameof(Fault.Away))]
    [InlineData("28P01", nameof(Fault.Away))]
    [InlineData("53300", nameof(Fault.Away))]
    [InlineData("53100", nameof(Fault.Away))]
    [InlineData("57P01", nameof(Fault.Away))]
    [InlineData("57P03", nameof(Fault.Away))]
    [InlineData("58030", nameof(Fault.Away))]
    [InlineData("42P05", nameof(Fault.SharedSession))]
    [InlineData("26000", nameof(Fault.SharedSession))]
    [InlineData("08P01", nameof(Fault.SharedSession))]
    public void A_statement_that_fails_says(string state, string fault) => Assert.Equal(fault, Faults.Of(Answer(state)).ToString());

    /// <summary>A statement is never answered like that: the session ended, or was not given.</summary>
    [Theory]
    [InlineData("3D000", nameof(Fault.Away))] // the database is being restored
    [InlineData("08P01", nameof(Fault.Away))] // PgBouncer: "server conn crashed?", "query_wait_timeout"
    [InlineData("25P03", nameof(Fault.Away))]
    [InlineData("28P01", nameof(Fault.Away))]
    [InlineData("25006", nameof(Fault.ReadOnly))]
    public void A_session_that_ends_says(string state, string fault)
    {
        Assert.Equal(fault, Faults.Of(Answer(state, "FATAL")).ToString());
        Assert.True(Faults.IsOutage(Answer(state, "FATAL")));
    }

    [Fact]
    public void It_is_found_wherever_it_is_wrapped()
    {
        Assert.Equal(Fault.Refusal, Faults.Of(new InvalidOperationException("saving failed", Answer("23505"))));
        Assert.Equal(Fault.ReadOnly, Faults.Of(new NpgsqlException("no host takes it", Answer("25006"))));
        Assert.Equal(Fault.Away, Faults.Of(new NpgsqlException("Failed to connect", new System.Net.Sockets.SocketException(111))));
        Assert.Equal(Fault.Away, Faults.Of(new OperationCanceledException("given up", new TimeoutException())));
        Assert.Equal(Fault.GivenUp, Faults.Of(new TaskCanceledException()));
        Assert.Equal(Fault.None, Faults.Of(new InvalidOperationException("a bug")));
        Assert.Equal(Fault.None, Faults.Of(null));
    }

    /// <summary>Waiting for the database and leaving an item alone for good exclude each other, whatever the state.</summary>
    [Fact]
    public void Nothing_is_both_an_outage_and_a_refusal()
    {
        var states =
            from a in "0123456789FHPX"
            from b in "0123456789ABCDEFPVX"
            from c in (string[])["000", "006", "P01", "P03", "P05", "014", "001"]
            select $"{a}{b}{c}";
        foreach (var state in states)
        {
            Assert.False(Faults.IsOutage(Answer(state)) && Isolation.IsRefusal(Answer(state)), state);
        }
    }

    /// <summary>A pooler that slipped in at run time: whoever reads the log learns what stands there, and which setting to
    /// change.</summary>
    [Theory]
    [InlineData("42P05", "prepared statement \"_p1\" already exists")]
    [InlineData("26000", "prepared statement \"_p1\" does not exist")]
    [InlineData("08P01", "bind message supplies 2 parameters, but prepared statement \"_p1\" requires 1")]
    public void Another_clients_statement_is_said_as_the_pooler_it_comes_from(string state, string text)
    {
        var said = Faults.Say(new InvalidOperationException("wrapped", new PostgresException(text, "ERROR", "ERROR", state)));
        Assert.StartsWith("Pooling is not Transaction, and a pooler in transaction mode answers", said, StringComparison.Ordinal);
        Assert.Contains($"{state}: {text}", said, StringComparison.Ordinal);
        Assert.Contains("DirectConnectionString", said, StringComparison.Ordinal);
    }

    private static PostgresException Answer(string state, string severity = "ERROR") => new("said", severity, severity, state);
}
