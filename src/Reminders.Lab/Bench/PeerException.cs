namespace Reminders.Lab.Bench;

/// <summary>A queue to compare with does not run here; the message says why.</summary>
internal sealed class PeerException(string message) : Exception(message);
