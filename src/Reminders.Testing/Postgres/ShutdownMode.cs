namespace Reminders.Testing.Postgres;

/// <summary>How the server is asked to go; the words are pg_ctl's own.</summary>
public enum ShutdownMode
{
    /// <summary>Waits until every client has left by itself.</summary>
    Smart,

    /// <summary>Rolls open transactions back, disconnects clients, writes a checkpoint.</summary>
    Fast,

    /// <summary>Stops at once, without a checkpoint: the next start is a crash recovery.</summary>
    Immediate,
}
