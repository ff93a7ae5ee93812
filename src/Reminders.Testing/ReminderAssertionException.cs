namespace Reminders.Testing;

/// <summary>Something else was sent than the test expects; the message lists what was. Fails a test of any framework.</summary>
public sealed class ReminderAssertionException : Exception
{
    /// <summary>With what was expected and what was there.</summary>
    public ReminderAssertionException(string message)
        : base(message) { }
}
