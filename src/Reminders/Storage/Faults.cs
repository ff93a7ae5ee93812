using Npgsql;

namespace Reminders.Storage;

/// <summary>
/// The one place that says what an SQLSTATE means here. Loops ask it whether to wait for the database, isolation whether an item
/// is refused for good, the API whether to answer 503.
/// </summary>
internal static class Faults
{
    // The first row whose state begins so counts.
    private static readonly (string State, Fault Fault)[] Table =
    [
        (PostgresErrorCodes.ReadOnlySqlTransaction, Fault.ReadOnly),
        (PostgresErrorCodes.QueryCanceled, Fault.GivenUp),
        (PostgresErrorCodes.DuplicatePreparedStatement, Fault.SharedSession),
        (PostgresErrorCodes.InvalidSqlStatementName, Fault.SharedSession),
        // "bind message supplies 2 parameters, but prepared statement "_p1" requires 1". A pooler that has no server says
        // 08P01 too, but it then ends the session.
        (PostgresErrorCodes.ProtocolViolation, Fault.SharedSession),
        ("08", Fault.Away),
        ("25", Fault.Contention), // a transaction that has failed or was ended
        ("28", Fault.Away), // nobody is let in: a role or pg_hba.conf in the middle of a change
        ("40", Fault.Contention),
        ("53", Fault.Away),
        ("55", Fault.Contention),
        ("57", Fault.Away),
        ("58", Fault.Away),
    ];

    /// <param name="endsSession">FATAL or PANIC: no statement is answered like that, whatever its state is.</param>
    public static Fault Of(string state, bool endsSession = false)
    {
        foreach (var row in Table)
        {
            if (state.StartsWith(row.State, StringComparison.Ordinal))
            {
                return endsSession && row.Fault != Fault.ReadOnly ? Fault.Away : row.Fault;
            }
        }
        return endsSession ? Fault.Away : Fault.Refusal;
    }

    /// <summary>Wherever it is wrapped: EF Core, Quartz and Npgsql itself put another exception around it.</summary>
    public static Fault Of(Exception? exception) =>
        exception switch
        {
            null => Fault.None,
            PostgresException answer => Of(answer.SqlState, answer.InvariantSeverity is "FATAL" or "PANIC"),
            // Several hosts were tried: what the last of them answered is inside.
            NpgsqlException => Of(exception.InnerException) is var inner and not (Fault.None or Fault.Refusal) ? inner : Fault.Away,
            TimeoutException => Fault.Away,
            OperationCanceledException => Of(exception.InnerException) is var inner and not Fault.None ? inner : Fault.GivenUp,
            _ => Of(exception.InnerException),
        };

    /// <summary>Nothing was wrong with what was asked: the database was not to be had, and the same may succeed later.</summary>
    public static bool IsOutage(Exception? exception) =>
        Of(exception) is Fault.GivenUp or Fault.ReadOnly or Fault.Away or Fault.SharedSession;

    /// <summary>A statement was ended at its bound, or somebody ended it.</summary>
    public static bool IsEnded(Exception? exception) => Answer(exception)?.SqlState == PostgresErrorCodes.QueryCanceled;

    /// <summary>A statement of this build's met another schema: an upgrade is under way, or somebody dropped what it names.</summary>
    public static bool IsOtherSchema(Exception? exception) =>
        Answer(exception)?.SqlState
            is PostgresErrorCodes.UndefinedTable
                or PostgresErrorCodes.UndefinedColumn
                or PostgresErrorCodes.UndefinedFunction
                or PostgresErrorCodes.InvalidSchemaName;

    /// <summary>An outage, and said by the driver: of the database's, not of whatever else can time out.</summary>
    public static bool IsDatabaseAway(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException)
            {
                return IsOutage(exception);
            }
        }
        return false;
    }

    /// <summary>What has to be done about it, where that is more than to wait; else the failure's own words.</summary>
    public static string Say(Exception exception) =>
        Of(exception) switch
        {
            Fault.SharedSession when Answer(exception) is { } answer =>
                "Pooling is not Transaction, and a pooler in transaction mode answers before PostgreSQL: a statement met "
                    + $"another client's ({answer.SqlState}: {answer.MessageText}). It {Remedy}",
            _ => exception.Message,
        };

    /// <summary>What makes such a pooler work, of the setting Pooling.</summary>
    public const string Remedy = "should be Transaction, and DirectConnectionString a connection string that goes past the pooler.";

    /// <summary>What the server said, wherever it is wrapped.</summary>
    public static PostgresException? Answer(Exception? exception) =>
        exception switch
        {
            null => null,
            PostgresException answer => answer,
            _ => Answer(exception.InnerException),
        };
}
