namespace Reminders.Settings;

/// <summary>What stands between a node and PostgreSQL. Checked at every start, so that it is true.</summary>
public enum Pooling
{
    /// <summary>Nothing: each connection is a session of the server.</summary>
    None,

    /// <summary>A pooler that gives a connection one session for as long as it is open (PgBouncer's <c>pool_mode = session</c>).</summary>
    Session,

    /// <summary>
    /// A pooler that gives each transaction any session (PgBouncer's <c>pool_mode = transaction</c>). Nothing is prepared then,
    /// and what needs a session of its own takes <see cref="RemindersOptions.DirectConnectionString"/>: LISTEN, migrations, Quartz.
    /// </summary>
    Transaction,
}
