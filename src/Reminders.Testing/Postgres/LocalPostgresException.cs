namespace Reminders.Testing.Postgres;

/// <summary>The private cluster cannot be had; the message says what was wrong and what to do.</summary>
public sealed class LocalPostgresException : Exception
{
    public LocalPostgresException(string message)
        : base(message) { }

    public LocalPostgresException(string message, Exception inner)
        : base(message, inner) { }
}
