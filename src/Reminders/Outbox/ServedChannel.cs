namespace Reminders.Outbox;

/// <summary>A channel that this cluster has a sender for.</summary>
internal sealed record ServedChannel(string Name);
